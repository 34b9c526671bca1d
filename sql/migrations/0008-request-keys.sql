-- What requests called themselves, so that one that is sent again is known, whatever became of its
-- answer.

-- One row per `Idempotency-Key` of a caller and a route, kept for 30 days. Of the request itself
-- there is a hash: it tells a retry from another request under the same key.
create table idempotency_keys (
  scope text not null,
  key text not null,
  request_sha256 text not null,
  created_at timestamptz not null,

  constraint idempotency_keys_pkey primary key (scope, key),
  constraint idempotency_keys_key_form check (key ~ '^[ -~]{1,255}$'),
  constraint idempotency_keys_request_sha256_form check (request_sha256 ~ '^[0-9a-f]{64}$')
);

create index idx_idempotency_keys_created_at on idempotency_keys (created_at);
