import type { startTestMachine } from './machine.ts';

type Api = Awaited<ReturnType<typeof startTestMachine>>;

/** A word that stands in everything that is told of this person. */
export const sentinel = 'zyxwv';

/** A lead with everything a sender can say, each word of it with the sentinel in it. */
export const adaLovelace = {
  source: 'zillow',
  external_id: `${sentinel}@example.com`,
  created_at: '2026-03-01T12:00:00Z',
  first_name: `Ada ${sentinel}`,
  last_name: `Lovelace ${sentinel}`,
  email: `Ada.${sentinel}@example.com`,
  phone: '(212) 555-0147',
  property_address: `12 ${sentinel} Street`,
  property_city: `${sentinel} City`,
  property_state: `${sentinel} State`,
  property_zip: sentinel,
  estimated_value: '450000.00',
  mortgage_balance: '120000.00',
  referrer_url: `https://example.com/?for=${sentinel}`,
  utm_source: 'news',
  utm_medium: 'mail',
  utm_campaign: 'spring',
  raw_data: { form: { name: sentinel } },
  notes: `${sentinel} likes gardens`,
  quality_score: 'B',
  qualification_reason: { because: `${sentinel} is rich` },
};

/** Such a lead, called, corrected, with a call taken back: its id. */
export async function takeAda(api: Api, more: object = {}): Promise<string> {
  const id = await api.take({ ...adaLovelace, ...more });
  const called = {
    event_type: 'contacted',
    event_source: 'agent',
    external_id: `call with ${sentinel}`,
    details: { said: `my name is ${sentinel}` },
    created_at: '2026-03-01T13:00:00Z',
  };
  const wrong = { ...called, external_id: `another call with ${sentinel}` };
  await api.post(`/v1/leads/${id}/events`, called);
  const event = await api.post(`/v1/leads/${id}/events`, wrong);
  await api.post(`/v1/events/${event.body.id}/void`, {
    by: `a friend of ${sentinel}`,
    reason: `${sentinel} was not at home`,
  });
  const reason = { because: `${sentinel} is richer than that` };
  await api.patch(`/v1/leads/${id}`, {
    notes: `${sentinel} likes houses`,
    quality_score: 'A',
    qualification_reason: reason,
    stage: 'closed',
    value: '12500',
  });
  return id;
}

/** The tables of the database in which this word stands anywhere. */
export async function tablesWith(api: Api, word: string): Promise<string[]> {
  const tables = await api.sql<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await api.sql(`select from ${name} t where t::text ilike $1 limit 1`, [
      `%${word}%`,
    ]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
