import acknowledgeIncident from '../../sql/functions/acknowledge_incident.sql' with {
  type: 'text',
};
import addAgents from '../../sql/functions/add_agents.sql' with { type: 'text' };
import addAlertRule from '../../sql/functions/add_alert_rule.sql' with { type: 'text' };
import addKey from '../../sql/functions/add_key.sql' with { type: 'text' };
import addSkills from '../../sql/functions/add_skills.sql' with { type: 'text' };
import addSlaPolicy from '../../sql/functions/add_sla_policy.sql' with { type: 'text' };
import advanceIncidents from '../../sql/functions/advance_incidents.sql' with { type: 'text' };
import advanceSlaClocks from '../../sql/functions/advance_sla_clocks.sql' with { type: 'text' };
import afterEvents from '../../sql/functions/after_events.sql' with { type: 'text' };
import agentJson from '../../sql/functions/agent_json.sql' with { type: 'text' };
import alertJson from '../../sql/functions/alert_json.sql' with { type: 'text' };
import alertLeadIds from '../../sql/functions/alert_lead_ids.sql' with { type: 'text' };
import alertLeads from '../../sql/functions/alert_leads.sql' with { type: 'text' };
import alertReadings from '../../sql/functions/alert_readings.sql' with { type: 'text' };
import alertRuleJson from '../../sql/functions/alert_rule_json.sql' with { type: 'text' };
import alertScopes from '../../sql/functions/alert_scopes.sql' with { type: 'text' };
import apiTime from '../../sql/functions/api_time.sql' with { type: 'text' };
import applyRetention from '../../sql/functions/apply_retention.sql' with { type: 'text' };
import avgResponseHours from '../../sql/functions/avg_response_hours.sql' with { type: 'text' };
import calculateEventIntervals from '../../sql/functions/calculate_event_intervals.sql' with {
  type: 'text',
};
import changeAgent from '../../sql/functions/change_agent.sql' with { type: 'text' };
import changeAlertRule from '../../sql/functions/change_alert_rule.sql' with { type: 'text' };
import changeLead from '../../sql/functions/change_lead.sql' with { type: 'text' };
import changeSlaPolicy from '../../sql/functions/change_sla_policy.sql' with { type: 'text' };
import checkResponseTimeSla from '../../sql/functions/check_response_time_sla.sql' with {
  type: 'text',
};
import checkSla from '../../sql/functions/check_sla.sql' with { type: 'text' };
import claimKeys from '../../sql/functions/claim_keys.sql' with { type: 'text' };
import claimRequest from '../../sql/functions/claim_request.sql' with { type: 'text' };
import correctionJson from '../../sql/functions/correction_json.sql' with { type: 'text' };
import countedLeads from '../../sql/functions/counted_leads.sql' with { type: 'text' };
import dayFigures from '../../sql/functions/day_figures.sql' with { type: 'text' };
import dayStart from '../../sql/functions/day_start.sql' with { type: 'text' };
import deriveLeads from '../../sql/functions/derive_leads.sql' with { type: 'text' };
import derivedLeads from '../../sql/functions/derived_leads.sql' with { type: 'text' };
import digestJson from '../../sql/functions/digest_json.sql' with { type: 'text' };
import dropRawData from '../../sql/functions/drop_raw_data.sql' with { type: 'text' };
import dropRecords from '../../sql/functions/drop_records.sql' with { type: 'text' };
import earlierTwin from '../../sql/functions/earlier_twin.sql' with { type: 'text' };
import emptyEvents from '../../sql/functions/empty_events.sql' with { type: 'text' };
import eraseLead from '../../sql/functions/erase_lead.sql' with { type: 'text' };
import eraseLeads from '../../sql/functions/erase_leads.sql' with { type: 'text' };
import erasePerson from '../../sql/functions/erase_person.sql' with { type: 'text' };
import erasedId from '../../sql/functions/erased_id.sql' with { type: 'text' };
import eventJson from '../../sql/functions/event_json.sql' with { type: 'text' };
import eventOfStage from '../../sql/functions/event_of_stage.sql' with { type: 'text' };
import eventRank from '../../sql/functions/event_rank.sql' with { type: 'text' };
import exportPerson from '../../sql/functions/export_person.sql' with { type: 'text' };
import findAgent from '../../sql/functions/find_agent.sql' with { type: 'text' };
import findLead from '../../sql/functions/find_lead.sql' with { type: 'text' };
import findSkill from '../../sql/functions/find_skill.sql' with { type: 'text' };
import fitting from '../../sql/functions/fitting.sql' with { type: 'text' };
import fittingPolicy from '../../sql/functions/fitting_policy.sql' with { type: 'text' };
import grantBi from '../../sql/functions/grant_bi.sql' with { type: 'text' };
import hookMappingJson from '../../sql/functions/hook_mapping_json.sql' with { type: 'text' };
import incidentJson from '../../sql/functions/incident_json.sql' with { type: 'text' };
import intakeAgent from '../../sql/functions/intake_agent.sql' with { type: 'text' };
import itemNow from '../../sql/functions/item_now.sql' with { type: 'text' };
import keyJson from '../../sql/functions/key_json.sql' with { type: 'text' };
import knownEvent from '../../sql/functions/known_event.sql' with { type: 'text' };
import knownLead from '../../sql/functions/known_lead.sql' with { type: 'text' };
import knownTo from '../../sql/functions/known_to.sql' with { type: 'text' };
import leadJson from '../../sql/functions/lead_json.sql' with { type: 'text' };
import leadSummary from '../../sql/functions/lead_summary.sql' with { type: 'text' };
import leadsOfPerson from '../../sql/functions/leads_of_person.sql' with { type: 'text' };
import leaseAlerts from '../../sql/functions/lease_alerts.sql' with { type: 'text' };
import minutesBetween from '../../sql/functions/minutes_between.sql' with { type: 'text' };
import noteCorrection from '../../sql/functions/note_correction.sql' with { type: 'text' };
import originalOf from '../../sql/functions/original_of.sql' with { type: 'text' };
import percent from '../../sql/functions/percent.sql' with { type: 'text' };
import personFields from '../../sql/functions/person_fields.sql' with { type: 'text' };
import recordEvents from '../../sql/functions/record_events.sql' with { type: 'text' };
import refreshLeadMetrics from '../../sql/functions/refresh_lead_metrics.sql' with { type: 'text' };
import rehearseItems from '../../sql/functions/rehearse_items.sql' with { type: 'text' };
import reportAbout from '../../sql/functions/report_about.sql' with { type: 'text' };
import reportFrame from '../../sql/functions/report_frame.sql' with { type: 'text' };
import reportLeads from '../../sql/functions/report_leads.sql' with { type: 'text' };
import revokeKey from '../../sql/functions/revoke_key.sql' with { type: 'text' };
import rotateKey from '../../sql/functions/rotate_key.sql' with { type: 'text' };
import setDatabaseRole from '../../sql/functions/set_database_role.sql' with { type: 'text' };
import setHookMapping from '../../sql/functions/set_hook_mapping.sql' with { type: 'text' };
import setSlaClocks from '../../sql/functions/set_sla_clocks.sql' with { type: 'text' };
import setSpend from '../../sql/functions/set_spend.sql' with { type: 'text' };
import shown from '../../sql/functions/shown.sql' with { type: 'text' };
import shownOriginal from '../../sql/functions/shown_original.sql' with { type: 'text' };
import silentSources from '../../sql/functions/silent_sources.sql' with { type: 'text' };
import skillJson from '../../sql/functions/skill_json.sql' with { type: 'text' };
import slaAnsweredAt from '../../sql/functions/sla_answered_at.sql' with { type: 'text' };
import slaPolicyJson from '../../sql/functions/sla_policy_json.sql' with { type: 'text' };
import slaState from '../../sql/functions/sla_state.sql' with { type: 'text' };
import stageRank from '../../sql/functions/stage_rank.sql' with { type: 'text' };
import storeItems from '../../sql/functions/store_items.sql' with { type: 'text' };
import takeLeads from '../../sql/functions/take_leads.sql' with { type: 'text' };
import voidEvent from '../../sql/functions/void_event.sql' with { type: 'text' };
import waitingLeads from '../../sql/functions/waiting_leads.sql' with { type: 'text' };
import wilsonHigh from '../../sql/functions/wilson_high.sql' with { type: 'text' };
import wilsonLow from '../../sql/functions/wilson_low.sql' with { type: 'text' };
import workingDeadline from '../../sql/functions/working_deadline.sql' with { type: 'text' };
import writeDigest from '../../sql/functions/write_digest.sql' with { type: 'text' };
import writeItems from '../../sql/functions/write_items.sql' with { type: 'text' };
import { experimentAssignment, experiments } from './experiment-functions.ts';
import type { SqlFile } from './migrations.ts';

/**
 * Functions, each after what it calls, in a file of its name, a trigger beside its function. One
 * whose text changes is replaced, or, with other arguments or columns, all are dropped and made
 * again in one transaction. Tables and views therefore never depend on a function.
 */
export const sqlFunctions: readonly SqlFile[] = [
  ['event_rank', eventRank],
  ['api_time', apiTime],
  ['erased_id', erasedId],
  ['person_fields', personFields],
  ['empty_events', emptyEvents],
  ['derived_leads', derivedLeads],
  ['derive_leads', deriveLeads],
  ['working_deadline', workingDeadline],
  ['fitting_policy', fittingPolicy],
  ['set_sla_clocks', setSlaClocks],
  ['sla_answered_at', slaAnsweredAt],
  ['advance_sla_clocks', advanceSlaClocks],
  ['calculate_event_intervals', calculateEventIntervals],
  ['known_to', knownTo],
  ['shown_original', shownOriginal],
  ['sla_state', slaState],
  ['lead_summary', leadSummary],
  ['leads_of_person', leadsOfPerson],
  ...experimentAssignment,
  ['lead_json', leadJson],
  ['fitting', fitting],
  ['event_json', eventJson],
  ['known_lead', knownLead],
  ['known_event', knownEvent],
  ['find_lead', findLead],
  ['find_agent', findAgent],
  ['intake_agent', intakeAgent],
  ['find_skill', findSkill],
  ['original_of', originalOf],
  ['take_leads', takeLeads],
  ['record_events', recordEvents],
  ['stage_rank', stageRank],
  ['event_of_stage', eventOfStage],
  ['after_events', afterEvents],
  ['note_correction', noteCorrection],
  ['change_lead', changeLead],
  ['void_event', voidEvent],
  ['erase_leads', eraseLeads],
  ['erase_lead', eraseLead],
  ['erase_person', erasePerson],
  ['correction_json', correctionJson],
  ['export_person', exportPerson],
  ['drop_raw_data', dropRawData],
  ['drop_records', dropRecords],
  ['apply_retention', applyRetention],
  ['agent_json', agentJson],
  ['add_agents', addAgents],
  ['change_agent', changeAgent],
  ['claim_keys', claimKeys],
  ['claim_request', claimRequest],
  ['key_json', keyJson],
  ['add_key', addKey],
  ['revoke_key', revokeKey],
  ['rotate_key', rotateKey],
  ['skill_json', skillJson],
  ['add_skills', addSkills],
  ['set_spend', setSpend],
  ['sla_policy_json', slaPolicyJson],
  ['add_sla_policy', addSlaPolicy],
  ['change_sla_policy', changeSlaPolicy],
  ['store_items', storeItems],
  ['write_items', writeItems],
  ['rehearse_items', rehearseItems],
  ['item_now', itemNow],
  ['hook_mapping_json', hookMappingJson],
  ['set_hook_mapping', setHookMapping],
  ['percent', percent],
  ['wilson_low', wilsonLow],
  ['wilson_high', wilsonHigh],
  ['minutes_between', minutesBetween],
  ['shown', shown],
  ['day_start', dayStart],
  ['report_frame', reportFrame],
  ['report_leads', reportLeads],
  ['report_about', reportAbout],
  ['counted_leads', countedLeads],
  ['waiting_leads', waitingLeads],
  ['day_figures', dayFigures],
  ['silent_sources', silentSources],
  ['earlier_twin', earlierTwin],
  ['alert_leads', alertLeads],
  ['avg_response_hours', avgResponseHours],
  ['check_response_time_sla', checkResponseTimeSla],
  ['alert_scopes', alertScopes],
  ['alert_readings', alertReadings],
  ['alert_lead_ids', alertLeadIds],
  ['alert_json', alertJson],
  ['advance_incidents', advanceIncidents],
  ['lease_alerts', leaseAlerts],
  ['check_sla', checkSla],
  ['alert_rule_json', alertRuleJson],
  ['add_alert_rule', addAlertRule],
  ['change_alert_rule', changeAlertRule],
  ['incident_json', incidentJson],
  ['digest_json', digestJson],
  ['write_digest', writeDigest],
  ['acknowledge_incident', acknowledgeIncident],
  ...experiments,
  ['refresh_lead_metrics', refreshLeadMetrics],
  ['grant_bi', grantBi],
  ['set_database_role', setDatabaseRole],
];
