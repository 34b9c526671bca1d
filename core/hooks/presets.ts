import type { Authenticity, Mapping } from './mapping.ts';

/** A mapping that is ready for what a provider documents, and how that provider shows itself. */
export interface Preset {
  readonly about: string;
  readonly mapping: Mapping;
  readonly authenticity: Authenticity;
}

/** Answers of a form in a list of {name, values}, {column_id, string_value}, … */
const answersAt = (list: string, key: string, value: string) => (names: readonly string[]) =>
  names.map((name) => `${list}/${key}=${name}/${value}`);

const meta = answersAt('/field_data', 'name', 'values');
const google = answersAt('/user_column_data', 'column_id', 'string_value');
const typeform = answersAt('/form_response/answers', 'field.ref', 'text');
const webflow = (...names: string[]) => names.map((name) => `/payload/data/${name}`);
const form = (...names: string[]) => names.map((name) => `/${name}`);

/** Presets by name. */
export const presets: Readonly<Record<string, Preset>> = {
  /** https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving */
  'meta-lead-ads': {
    about: 'Meta Lead Ads: a lead with its field_data, as the Graph API gives it',
    authenticity: { kind: 'key' },
    mapping: {
      external_id: ['/id', '/leadgen_id'],
      created_at: '/created_time',
      full_name: meta(['full_name']),
      first_name: meta(['first_name']),
      last_name: meta(['last_name']),
      email: meta(['email', 'work_email']),
      phone: meta(['phone_number', 'work_phone_number']),
      property_address: meta(['street_address']),
      property_city: meta(['city']),
      property_state: meta(['state', 'province']),
      property_zip: meta(['zip_code', 'post_code']),
      utm_source: ['/platform', { constant: 'facebook' }],
      utm_medium: { constant: 'paid_social' },
      utm_campaign: ['/campaign_name', '/campaign_id'],
    },
  },
  /** https://developers.google.com/google-ads/webhook/docs/implementation */
  'google-ads-lead-form': {
    about: 'Google Ads lead form: its key is the secret in google_key',
    authenticity: { kind: 'secret', in: 'body', name: '/google_key' },
    mapping: {
      external_id: '/lead_id',
      created_at: '/lead_submit_time',
      full_name: google(['FULL_NAME']),
      first_name: google(['FIRST_NAME']),
      last_name: google(['LAST_NAME']),
      email: google(['EMAIL', 'WORK_EMAIL']),
      phone: google(['PHONE_NUMBER', 'WORK_PHONE']),
      property_address: google(['STREET_ADDRESS']),
      property_city: google(['CITY']),
      property_state: google(['REGION']),
      property_zip: google(['POSTAL_CODE']),
      utm_source: { constant: 'google' },
      utm_medium: { constant: 'cpc' },
      utm_campaign: '/campaign_id',
      is_test: '/is_test',
    },
  },
  /** https://www.typeform.com/developers/webhooks/example-payload/ */
  typeform: {
    about: 'Typeform: answers by their type, others by the ref you give the question',
    authenticity: {
      kind: 'hmac',
      header: 'typeform-signature',
      algorithm: 'sha256',
      encoding: 'base64',
      prefix: 'sha256=',
    },
    mapping: {
      external_id: '/form_response/token',
      created_at: '/form_response/submitted_at',
      full_name: typeform(['full_name', 'name']),
      first_name: typeform(['first_name']),
      last_name: typeform(['last_name']),
      email: '/form_response/answers/type=email/email',
      phone: '/form_response/answers/type=phone_number/phone_number',
      property_address: typeform(['property_address', 'address']),
      property_city: typeform(['property_city', 'city']),
      property_state: typeform(['property_state', 'state']),
      property_zip: typeform(['property_zip', 'zip']),
      estimated_value: [
        '/form_response/answers/field.ref=estimated_value/number',
        ...typeform(['estimated_value']),
      ],
      notes: typeform(['notes', 'message']),
      utm_source: '/form_response/hidden/utm_source',
      utm_medium: '/form_response/hidden/utm_medium',
      utm_campaign: '/form_response/hidden/utm_campaign',
    },
  },
  /** https://developers.webflow.com/data/reference/webhooks/events/form-submission */
  webflow: {
    about: 'Webflow: form_submission, fields by the names they have in the designer',
    authenticity: {
      kind: 'hmac',
      header: 'x-webflow-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      timestamp_header: 'x-webflow-timestamp',
      separator: ':',
    },
    mapping: {
      external_id: '/payload/id',
      created_at: '/payload/submittedAt',
      full_name: webflow('name', 'full name', 'your name'),
      first_name: webflow('first name'),
      last_name: webflow('last name'),
      email: webflow('email', 'e-mail', 'email address'),
      phone: webflow('phone', 'phone number', 'telephone'),
      property_address: webflow('property address', 'address', 'street address'),
      property_city: webflow('property city', 'city'),
      property_state: webflow('property state', 'state'),
      property_zip: webflow('property zip', 'zip', 'zip code', 'postal code'),
      estimated_value: webflow('estimated value', 'home value', 'price'),
      notes: webflow('notes', 'message', 'comments'),
      utm_source: webflow('utm_source'),
      utm_medium: webflow('utm_medium'),
      utm_campaign: webflow('utm_campaign'),
    },
  },
  /** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html */
  'html-form': {
    about: 'A form of a page of your own, posted as forms are',
    authenticity: { kind: 'secret', in: 'query', name: 'token' },
    mapping: {
      external_id: '/submission_id',
      full_name: form('name', 'full_name', 'your_name'),
      first_name: form('first_name', 'fname'),
      last_name: form('last_name', 'lname'),
      email: form('email', 'email_address'),
      phone: form('phone', 'phone_number', 'tel'),
      property_address: form('property_address', 'address'),
      property_city: form('property_city', 'city'),
      property_state: form('property_state', 'state'),
      property_zip: form('property_zip', 'zip', 'zip_code', 'postal_code'),
      estimated_value: form('estimated_value', 'home_value', 'price'),
      mortgage_balance: form('mortgage_balance'),
      notes: form('notes', 'message', 'comments'),
      utm_source: form('utm_source'),
      utm_medium: form('utm_medium'),
      utm_campaign: form('utm_campaign'),
      referrer_url: form('referrer', 'page_url'),
    },
  },
};
