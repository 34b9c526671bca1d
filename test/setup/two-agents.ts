import { startTestMachine } from './machine.ts';
import { startAsAgent } from './viewer.ts';

export type TwoAgents = Awaited<ReturnType<typeof startTwoAgents>>;

/** Two agents with leads that have to do with each other, and what each sees of them. */
export async function startTwoAgents() {
  const api = await startTestMachine();
  const ann = await api.addAgent({ first_name: 'Ann', last_name: 'Ace', external_id: 'ann' });
  const bob = await api.addAgent({
    first_name: 'Bobwin',
    last_name: 'Bobson',
    external_id: 'bob-1',
    email: 'bobwin@team.example',
    phone: '+1 415 555 0177',
  });
  const ids = await fill(api, { ann, bob });
  const experiment = await addExperiment(api);
  const [asAnn, asBob] = [await startAsAgent(api, ann), await startAsAgent(api, bob)];
  const close = async () => {
    await Promise.all([asAnn.close(), asBob.close()]);
    await api.close();
  };
  return { api, ann, bob, ids, experiment, asAnn, asBob, close };
}

type Api = Awaited<ReturnType<typeof startTestMachine>>;

async function fill(api: Api, { ann, bob }: { ann: string; bob: string }) {
  const anns = { agent_id: ann, last_name: 'Annslead', phone: '+1 415 555 0101' };
  const sold = await api.take({ ...anns, first_name: 'Sol', external_id: 'a-1' });
  const again = await api.take({ ...anns, first_name: 'Ag', quality_score: 'A' });
  const bobs = {
    agent_id: bob,
    source: 'bobs-source',
    last_name: 'Bobslead',
    // The same person as Ann's: a suggestion that names the other's lead.
    phone: '+1 415 555 0101',
    email: 'secret@bobs.example',
    property_address: '1 Bobs Road',
    estimated_value: '777777.77',
    utm_campaign: 'bobs-campaign',
    notes: 'Bobs notes',
    raw_data: { form: 'Bobs form' },
  };
  const other = await api.take({ ...bobs, first_name: 'Bo', external_id: 'bobs-own-id' });
  const hidden = await api.take({ ...bobs, first_name: 'Hid', is_test: true });
  // Bob's is the original of what `given` looks like: to Ann that is no suggestion either.
  const twins = { phone: null, email: 'one@anns.example', last_name: 'Annstwin' };
  const twin = await api.take({ ...anns, ...twins, external_id: 'a-2', duplicate_of: other });
  const nobodys = await api.take({ ...bobs, agent_id: null, first_name: 'No' });
  const given = await api.take({ ...twins, agent_id: bob });
  for (const [lead, changes] of [
    [sold, { stage: 'closed', value: '5000.00' }],
    [other, { stage: 'closed', value: '888888.88' }],
    [sold, { notes: 'Anns notes' }],
    [twin, { duplicate_of: sold }],
    [twin, { duplicate_of: other }],
    [other, { first_name: 'Bobo' }],
    [nobodys, { first_name: 'Nob' }],
    [given, { agent_id: ann, first_name: 'Given' }],
    [given, { notes: 'Anns now' }],
  ] as const) {
    const answer = await api.patch(`/v1/leads/${lead}`, changes);
    if (answer.status !== 200) throw new Error(answer.text);
  }
  const calls = await Promise.all([sold, other].map((lead) => callOf(api, lead)));
  await api.put('/v1/spend', { source: 'zillow', day: today(), amount: '66666.66' });
  await api.sql('select refresh_lead_metrics(now())');
  return { sold, again, other, hidden, twin, nobodys, given, calls };
}

/** A call that was taken back: a correction of an event. */
async function callOf(api: Api, lead: string): Promise<string> {
  const call = { event_type: 'contacted', event_source: 'agent', details: { said: `of ${lead}` } };
  const { body } = await api.post(`/v1/leads/${lead}/events`, call);
  await api.post(`/v1/events/${body.id}/void`, { by: 'Bea', reason: `not ${lead}` });
  return body.id;
}

/** Every lead is in it, Bob's too. */
async function addExperiment(api: Api): Promise<string> {
  const [found] = await api.sql<{ experiment_id: string }>(
    `with x as (
       insert into lead_experiments (name, primary_metric)
       values ('quick-reply', 'conversion_rate') returning id
     )
     insert into lead_experiment_assignments (lead_id, experiment_id, group_name, assigned_at)
     select l.id, x.id, 'control', l.created_at from leads l cross join x
     returning experiment_id`,
  );
  return found?.experiment_id ?? '';
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * What tells of leads that are not this agent's: their ids, those of their events and of what was
 * corrected of both, and what only they say of persons and money.
 */
export async function foreignWords(api: Api, agent: string): Promise<string[]> {
  const found = await api.sql<{ word: string }>(
    `with others as (
       select * from leads where assigned_agent_id is distinct from $1
     ),
     events as (
       select e.* from lead_events e join others o on o.id = e.lead_id
     )
     select id::text as word from others
     union select id::text from events
     union select id::text from corrections
       where subject_id in (select id from others union select id from events)
     union select unnest(array[
       source, first_name, last_name, email, property_address, utm_campaign, external_id, notes,
       estimated_value::text, conversion_value::text
     ]) from others
     except select unnest(array[
       source, first_name, last_name, email, property_address, utm_campaign, external_id, notes,
       estimated_value::text, conversion_value::text
     ]) from leads where assigned_agent_id = $1`,
    [agent],
  );
  return found.map(({ word }) => word).filter((word) => word);
}
