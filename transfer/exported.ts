/** A list as `npm run export` writes it, and what of it can come back. */
export interface Exported {
  /** The headers that versions until now wrote, today's last: older files stay known. */
  readonly headers: readonly string[];
  /** The columns that come back; what the others say follows from these, or from the events. */
  readonly comeBack: readonly string[];
  /** A row with something in this column stays out. */
  readonly unless?: string;
}

/** What can come back into another leadpulse: under the same ids, to the same numbers. */
export type ExportedName = 'skills' | 'agents' | 'leads' | 'events' | 'spend';

const columns = (...lines: readonly string[]) => lines.join(' ').split(' ');
const headerOf = (...lines: readonly string[]) => columns(...lines).join(',');

const details = columns(
  'first_name last_name email phone property_address property_city property_state property_zip',
  'estimated_value mortgage_balance source utm_source utm_medium utm_campaign referrer_url',
  'is_test duplicate_of notes',
);

/** Each list, in the order in which they must come back. */
export const exported: Readonly<Record<ExportedName, Exported>> = {
  skills: {
    headers: [
      headerOf(
        'id created_at name description skill_type status activated_at deprecated_at',
        'total_leads_processed avg_improvement_lift config spawned_reason spawned_by',
      ),
    ],
    comeBack: columns('id name description skill_type status config spawned_reason spawned_by'),
  },
  agents: {
    headers: [
      headerOf(
        'id created_at updated_at external_id first_name last_name email phone team active',
        'open_leads',
      ),
      headerOf(
        'id created_at updated_at external_id first_name last_name email phone team active',
        'identity_subject open_leads',
      ),
    ],
    comeBack: columns(
      'id external_id first_name last_name email phone team active identity_subject',
    ),
  },
  leads: {
    headers: [
      headerOf(
        'id created_at recorded_at updated_at external_id first_name last_name email phone',
        'email_normalised phone_normalised property_address property_city property_state',
        'property_zip estimated_value mortgage_balance source utm_source utm_medium utm_campaign',
        'referrer_url is_test duplicate_of assigned_agent_id assigned_at quality_score',
        'current_stage converted converted_at conversion_value first_assigned_at',
        'first_contacted_at first_human_contact_at first_responded_at qualified_at',
        'appointment_at offer_at closed_at dead_at notes',
      ),
      headerOf(
        'id created_at recorded_at updated_at external_id first_name last_name email phone',
        'email_normalised phone_normalised property_address property_city property_state',
        'property_zip estimated_value mortgage_balance source utm_source utm_medium utm_campaign',
        'referrer_url is_test duplicate_of assigned_agent_id assigned_at quality_score',
        'current_stage converted converted_at conversion_value first_assigned_at',
        'first_contacted_at first_human_contact_at first_responded_at qualified_at',
        'appointment_at offer_at closed_at dead_at erased_at notes',
      ),
      headerOf(
        'id created_at recorded_at updated_at external_id first_name last_name email phone',
        'email_normalised phone_normalised property_address property_city property_state',
        'property_zip estimated_value mortgage_balance source utm_source utm_medium utm_campaign',
        'referrer_url is_test duplicate_of assigned_agent_id assigned_at quality_score',
        'current_stage converted converted_at conversion_value first_assigned_at',
        'first_contacted_at first_human_contact_at first_responded_at qualified_at',
        'appointment_at offer_at closed_at dead_at sla_policy_id sla_due_at sla_state erased_at',
        'notes',
      ),
    ],
    // Not the agent and the score: the events tell of them, and intake would tell it again.
    comeBack: ['id', 'created_at', 'external_id', ...details],
  },
  events: {
    headers: [
      headerOf(
        'id lead_id created_at recorded_at external_id event_type event_source agent_id skill_id',
        'value details time_since_previous_event_seconds time_since_lead_created_seconds',
        'voided_at voided_by void_reason lead_source lead_external_id',
      ),
    ],
    comeBack: columns(
      'id lead_id created_at external_id event_type event_source agent_id skill_id value details',
    ),
    unless: 'voided_at',
  },
  spend: {
    headers: [headerOf('id source day amount recorded_at')],
    comeBack: columns('source day amount'),
  },
};

/** The export that a file of this kind and with this header is; undefined where it is none. */
export function exportWith(header: readonly string[], kind: string): Exported | undefined {
  const found = Object.hasOwn(exported, kind) ? exported[kind as ExportedName] : undefined;
  return found?.headers.includes(header.join(',')) ? found : undefined;
}
