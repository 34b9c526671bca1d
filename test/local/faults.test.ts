import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openFaults, writeFaults } from '../../local/faults.ts';

const kinds = ['away', 'late'] as const;
const folder = mkdtempSync(join(tmpdir(), 'leadpulse-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (file?: string) => openFaults({ kinds, name: 'database', file });
const draw = (faults: ReturnType<typeof open>, calls: number) =>
  Array.from({ length: calls }, () => faults.next());

describe('the fault switch', () => {
  test('is off until something is planned', () => {
    expect(draw(open(), 100)).toEqual(Array(100).fill(undefined));
    expect(draw(open(join(folder, 'not-there.json')), 2)).toEqual([undefined, undefined]);
  });

  test('is over after its calls, and after its moment', () => {
    const faults = open();
    faults.plan({ shares: { away: 1 }, calls: 2 });
    expect(draw(faults, 3)).toEqual(['away', 'away', undefined]);
    faults.plan({ shares: { away: 1 }, until: Date.now() + 60_000 });
    expect(faults.next()).toBe('away');
    faults.plan({ shares: { away: 1 }, until: Date.now() });
    expect(faults.next()).toBe(undefined);
  });

  test('mixes by shares, the same for the same seed', () => {
    const drawn = (seed: number) => {
      const faults = open();
      faults.plan({ shares: { away: 0.3, late: 0.1 }, seed });
      return draw(faults, 10_000);
    };
    const first = drawn(7);
    const share = (kind: string) => first.filter((found) => found === kind).length / 10_000;
    expect(share('away')).toBeCloseTo(0.3, 1);
    expect(share('late')).toBeCloseTo(0.1, 1);
    expect(drawn(7)).toEqual(first);
    expect(drawn(8)).not.toEqual(first);
  });

  test('follows a file that another process writes, and ends with it', () => {
    const file = join(folder, 'faults.json');
    const faults = open(file);
    expect(faults.next()).toBe(undefined);
    writeFaults(file, { database: { shares: { away: 1 }, calls: 1 }, queue: { shares: { x: 1 } } });
    expect(draw(faults, 2)).toEqual(['away', undefined]);
    writeFaults(file, { database: { shares: { late: 1 }, slowMs: 9 } });
    expect([faults.next(), faults.slowMs()]).toEqual(['late', 9]);
    writeFaults(file, {});
    expect(faults.next()).toBe(undefined);
    writeFaults(file, { database: { shares: { late: 1 } } });
    expect(open(file).next()).toBe('late');
    rmSync(file);
    expect(faults.next()).toBe(undefined);
  });

  test.each([
    ['a fault that is none', { shares: { gone: 1 } }, 'database has no fault "gone"'],
    ['more than every call', { shares: { away: 0.6, late: 0.6 } }, 'are 1.2 of its calls'],
    ['a share that is none', { shares: { away: -1 } }, 'is no plan of faults'],
    ['a word that is none', { shares: {}, untill: 3 }, 'is no plan of faults'],
  ])('refuses %s aloud', (_, database, sentence) => {
    const file = join(folder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ database }));
    const faults = open(file);
    expect(() => faults.next()).toThrow(sentence);
    expect(() => faults.next()).toThrow(sentence);
  });
});
