import type { DigestMessage } from './digest.ts';
import { alertMetrics, shownFigure } from './metrics.ts';
import { addressOf, dayInWords, duration, localTime, shownSource } from './words.ts';

/** One line: ASCII, at most 100 characters. */
export function digestSubject({ day, figures, waiting, open_incidents }: DigestMessage): string {
  const open = open_incidents === 0 ? 'no incident' : counted(open_incidents, 'incident');
  const date = dayInWords(day).replace(/^(\w{3})\w*, /, '$1 ');
  const leads = counted(figures.leads, 'lead');
  const now = `${waiting.overdue_leads} overdue now, ${open} open`;
  return `leadpulse digest ${date}: ${leads}, ${now}`.slice(0, 100);
}

/** The digest for a person, in short lines. `apiUrl` as in the settings. */
export function digestText(digest: DigestMessage, apiUrl?: string): string {
  const { id, scheduled_at, timezone } = digest;
  const parts = [
    dayLines(digest),
    waitingLines(digest),
    rescueLines(digest, apiUrl),
    incidentLines(digest, apiUrl),
    [`As of ${localTime(scheduled_at, timezone)}, time zone ${timezone}.`, `Message ${id}`],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** How the day went, and what is usual. */
export function dayLines({ day, figures, usual }: DigestMessage): string[] {
  const name = dayInWords(day);
  const weekday = name.split(',')[0];
  const beside = (figure: string | null) => (usual && figure ? ` (${figure})` : '');
  const compared = usual
    ? `In brackets: the ${usual.days} ${weekday}s before, as they stood at the same hour.`
    : `There are not enough ${weekday}s before it yet to say what is usual.`;
  const { leads, due_leads, met_leads, late_leads, breached_leads, attainment } = figures;
  const half = within(usual?.median_all_minutes, 'not by then');
  const nineInTen = within(usual?.p90_all_minutes, 'not by then');
  const reached = [
    `Reached so far: ${percent(figures.contact_rate)}${beside(percent(usual?.contact_rate))}`,
    `Half were reached within: ${within(figures.median_all_minutes)}${beside(half)}`,
    `Nine in ten were: ${within(figures.p90_all_minutes)}${beside(nineInTen)}`,
  ];
  const inTime =
    due_leads > 0 ? `${met_leads} of ${due_leads}, ${percent(attainment)}` : 'none was due';
  return [
    `Yesterday: ${name}`,
    compared,
    '',
    `Leads that came in: ${leads}${beside(String(usual?.leads))}`,
    ...(leads > 0 ? reached : []),
    `Answered in time: ${inTime}${beside(percent(usual?.attainment))}`,
    ...(late_leads + breached_leads > 0
      ? [`Not in time: ${late_leads} answered late, ${breached_leads} not yet`]
      : []),
  ];
}

/** Who waits, and with whom: five at most, machines are told of ten. */
export function waitingLines({ waiting, waiting_by_agent }: DigestMessage): string[] {
  const { leads, overdue_leads, longest_minutes } = waiting;
  if (leads === 0) return ['Nobody waits for an answer.'];
  const longest = duration(longest_minutes ?? 0);
  return [
    `Waiting now: ${counted(leads, 'lead')}, ${overdue_leads} of them overdue, longest ${longest}`,
    ...waiting_by_agent
      .slice(0, 5)
      .map(
        (one) =>
          `- ${one.agent_id === null ? 'With nobody' : `Agent ${one.agent_id}`}: ` +
          `${one.leads}, ${one.overdue_leads} overdue, longest ${duration(one.longest_minutes)}`,
      ),
  ];
}

/** Each lead to be rescued in one line, and where it is. */
export function rescueSteps({ rescue, currency }: DigestMessage, apiUrl?: string) {
  return rescue.map((lead) => ({
    what: [
      shownSource(lead.source, '(no source)'),
      lead.quality_score && `score ${lead.quality_score}`,
      lead.estimated_value && `${lead.estimated_value.toLocaleString('en-US')} ${currency}`,
      `waits ${duration(lead.waited_minutes)}`,
      lead.sla_state === 'breached' && 'overdue',
    ]
      .filter(Boolean)
      .join(', '),
    where: `GET ${addressOf(`/v1/leads/${lead.lead_id}`, apiUrl)}`,
  }));
}

function rescueLines(digest: DigestMessage, apiUrl: string | undefined): string[] {
  if (digest.rescue.length === 0) return [];
  return [
    'Call these first:',
    ...rescueSteps(digest, apiUrl).flatMap(({ what, where }, n) => [`${n + 1}. ${what}`, where]),
  ];
}

/** What is open, first what nobody has in hand. */
export function incidentLines(digest: DigestMessage, apiUrl?: string): string[] {
  const { open_incidents, acknowledged_incidents, incidents, timezone } = digest;
  if (open_incidents === 0) return ['No incident is open.'];
  const more = open_incidents - incidents.length;
  const list = addressOf('/v1/incidents?status=unresolved', apiUrl);
  return [
    `Open incidents: ${open_incidents}, ${acknowledged_incidents || 'none'} in hand`,
    ...incidents.flatMap((one) => {
      const of = one.source === null ? '' : `, ${shownSource(one.source, '(no source)')}`;
      const whose = one.agent_id === null ? '' : `, agent ${one.agent_id}`;
      const figure = shownFigure(one.metric, one.value);
      return [
        `- ${one.severity}: ${alertMetrics[one.metric].title} ${figure}${of}${whose}`,
        `${one.status === 'open' ? 'nobody has it in hand' : 'in hand'}, ` +
          `since ${localTime(one.opened_at, timezone)}`,
      ];
    }),
    ...(more > 0 ? [`and ${more} more`] : []),
    `GET ${list}`,
  ];
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
const percent = (rate: number | null | undefined) =>
  rate === null || rate === undefined ? null : `${Number(rate.toFixed(1))} %`;
const within = (minutes: number | null | undefined, never = 'not yet') =>
  minutes === null || minutes === undefined ? never : duration(minutes);
