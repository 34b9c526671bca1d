import { count, days, maybeText, minutes, money, percent, text } from './columns.ts';

/** Where a lead came from. */
export const source = (nullable: boolean) =>
  (nullable ? maybeText : text)('source', 'where the lead came from; "" is a blank one');
/** An agent by name. */
export const agentName = maybeText('agent_name', "the agent's first and last name");
/** The score. */
export const qualityScore = maybeText('quality_score', 'A to D; null: unscored, or not grouped by');
/** The campaign. */
export const campaign = maybeText('utm_campaign', 'the campaign; null: none, or not grouped by');
/** All counted leads of the row. */
export const totalLeads = count('total_leads', 'counted leads');
/** Converted leads. */
export const conversions = count('conversions', 'leads converted, and not lost since');
/** Converted leads in percent. */
export const conversionRate = percent('conversion_rate', 'conversions in percent of the leads');
/** Revenue. */
export const totalRevenue = money('total_revenue', 'conversion values of converted leads');
/** The mean deal. */
export const avgDealValue = money(
  'avg_deal_value',
  'mean conversion value of those that state one',
);
/** Leads that reached contacted. */
export const contactedLeads = count('contacted_leads', 'leads that reached contacted or beyond');
/** Leads that reached qualified. */
export const qualifiedLeads = count('qualified_leads', 'leads that reached qualified or beyond');
/** Mean response time. */
export const avgMinutes = minutes(
  'avg_response_minutes',
  'mean time to the first contact, contacted leads',
);
/** Median response time. */
export const medianMinutes = minutes('median_response_minutes', 'median time to the first contact');
/** A count for each score, and for none. */
export const scores = [
  ...['A', 'B', 'C', 'D'].map((s) => count(`${s.toLowerCase()}_leads`, `leads scored ${s}`)),
  count('unscored_leads', 'leads without a score'),
];
/**
 * What a source cost and what came of it. Null where it cannot be told apart by whom the money was
 * spent on: an agent, a score, a campaign.
 */
export const spend = [
  money('spend', 'what the source cost on the days of the window, as far as they have come'),
  money('cost_per_lead', 'spend / total_leads; null without either'),
  money('cost_per_conversion', 'spend / conversions; null without either'),
  percent('roi', 'total_revenue less spend, in percent of spend; null without spend'),
];
/** The seed's volume, rate, time and revenue columns of a day. */
export const volumes = [
  totalLeads,
  contactedLeads,
  qualifiedLeads,
  count('converted_leads', 'leads converted, and not lost since'),
  percent('contact_rate', 'contacted_leads in percent of the leads'),
  percent('qualification_rate', 'qualified_leads in percent of the leads'),
  percent('conversion_rate', 'converted_leads in percent of the leads'),
  minutes('avg_time_to_contact_minutes', 'mean time to the first contact, contacted leads'),
  days('avg_days_to_convert', 'mean time from lead to conversion'),
  totalRevenue,
  avgDealValue,
];
/** How many were answered within a time. */
export const within = (name: string, words: string) => [
  count(`responded_within_${name}`, `of the leads at least ${words} old: contacted sooner`),
  percent(`pct_within_${name}`, `the same in percent of the leads at least ${words} old`),
];
