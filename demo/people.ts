import type { Person } from './items.ts';
import type { Random } from './random.ts';

const firstNames = (
  'Ada Alex Amir Anna Ben Bruno Carla Chloe Dana David Elif Emma Erik Fatima Felix Grace Hugo ' +
  'Ines Iris Jack Jane Jin Kofi Laura Leo Lina Maria Max Mia Mona Nils Nora Omar Otto Rosa Ruby ' +
  'Sara Tariq Theo Uma Vera Victor Yara Zoe'
).split(' ');
const lastNames = (
  'Abbot Acker Bell Berger Birch Bloom Boone Carver Chen Clay Cole Cruz Day Dorn Drake Ember ' +
  'Engel Fields Flint Ford Gale Garza Glenn Grove Haas Hale Heath Hill Ivers Jarvis Kemp Kerr ' +
  'Klein Lake Lamb Lind Locke Mori Nash Noble North Ogden Page Park Pell Pine Ray Rhodes Rook ' +
  'Sage Sato Shore Silva Stone Thorn Vance Voss Wells West Wilde Wolfe York Zane'
).split(' ');
const streets = ['Alder', 'Bay', 'Cedar', 'Cherry', 'Elm', 'Harbor', 'Linden', 'Mill', 'Orchard'];
const towns = ['Fairview', 'Millbrook', 'Northgate', 'Riverton', 'Stonehaven', 'Westfield'];

/** So many area codes, from 201 on; each has a hundred numbers that are kept for fiction. */
const areaCodes = 789;

/**
 * The person of a number. No two have a telephone or an e-mail address in common, nobody is real,
 * and at 555-01xx nobody answers. Some leave out the one or the other.
 */
export function personOf(number: number, random: Random): Person {
  const first_name = random.pick(firstNames);
  const last_name = random.pick(lastNames);
  const email = `${first_name}.${last_name}.${number}@example.com`.toLowerCase();
  const line = String(Math.floor(number / areaCodes) % 100).padStart(2, '0');
  const phone = `+1 ${201 + ((number * 7) % areaCodes)} 555 01${line}`;
  const left = random.next();
  return {
    first_name,
    last_name,
    ...(left > 0.12 && { email }),
    ...(left < 0.8 && { phone }),
    ...(random.chance(0.4) && {
      property_address: `${Math.ceil(random.between(0, 900))} ${random.pick(streets)} Street`,
      property_city: random.pick(towns),
      property_state: 'NY',
      estimated_value: Math.round(random.skewed(420, 1.4)) * 1000,
    }),
  };
}
