/** What goes in, as the API's batches take it; moments are ISO 8601 in UTC. */

/** A person of the team. */
export interface AgentItem {
  readonly id: string;
  readonly external_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly team: string;
  readonly active: boolean;
}

/** A program that acts. */
export interface SkillItem {
  readonly id: string;
  readonly name: string;
  readonly skill_type: string;
  readonly status: string;
  readonly description: string;
}

/** The scores, best first. */
export const scores = ['A', 'B', 'C', 'D'] as const;
/** One of them. */
export type Score = (typeof scores)[number];

type Contact = 'first_name' | 'last_name' | 'email' | 'phone';
type Property = 'property_address' | 'property_city' | 'property_state';
type Campaign = 'utm_source' | 'utm_medium' | 'utm_campaign';

/** What a lead says of itself. */
export interface Person extends Readonly<Partial<Record<Contact | Property, string>>> {
  readonly estimated_value?: number;
}

/** A lead. */
export interface LeadItem extends Person, Readonly<Partial<Record<Campaign, string>>> {
  readonly id: string;
  readonly external_id: string;
  readonly source: string;
  readonly created_at: string;
  readonly agent_id?: string;
  readonly quality_score?: Score;
  readonly is_test?: true;
  readonly duplicate_of?: string;
}

/** What happened to a lead. */
export interface EventItem {
  readonly id: string;
  readonly lead_id: string;
  readonly created_at: string;
  readonly event_type: string;
  readonly event_source: string;
  readonly agent_id?: string;
  readonly value?: number;
  readonly details?: object;
}

/** An event that somebody took back. */
export interface VoidItem {
  readonly event_id: string;
  readonly by: string;
  readonly reason: string;
}

/** What a source cost on the days from `from` up to, not with, `to`. */
export interface SpendItem {
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
}
