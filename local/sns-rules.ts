import type { buildApp } from 'fauxqs';

type Form = Record<string, string | undefined>;

/** What of fastify's reply is needed: fauxqs brings fastify, leadpulse does not know it. */
interface Reply {
  code(status: number): Reply;
  type(contentType: string): Reply;
  send(body: string): Reply;
}

/**
 * What SNS does with a publication and fauxqs leaves out: each protocol gets its own text of a
 * `MessageStructure: json`, and what SNS would refuse is refused here.
 */
export function addSnsRules(app: ReturnType<typeof buildApp>): void {
  app.addHook('preHandler', async (request: { body?: unknown }, reply: Reply) => {
    const form = (request.body ?? {}) as Form;
    if (form.Action !== 'Publish') return;
    const wrong = faultOf(form);
    if (wrong) return reply.code(400).type('text/xml').send(refusal(wrong));
    if (form.MessageStructure === 'json') form.Message = textForQueues(form.Message);
  });
}

/** Why SNS would refuse this publication, in its words. */
function faultOf({ Subject, Message, MessageStructure }: Form): string | undefined {
  if (Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(Subject)) return 'Subject';
  if (MessageStructure === undefined) return undefined;
  if (MessageStructure !== 'json') return 'MessageStructure';
  const texts = parsed(Message);
  if (!texts) return 'Message Structure - JSON message body failed to parse';
  if (typeof texts.default === 'string') return undefined;
  return 'Message Structure - No default entry in JSON message body';
}

/** Queues are the only subscribers here. */
function textForQueues(message: string | undefined): string | undefined {
  const texts = parsed(message);
  return texts?.sqs ?? texts?.default;
}

function parsed(message: string | undefined): Form | undefined {
  try {
    const texts = JSON.parse(message ?? '');
    return typeof texts === 'object' && texts !== null ? texts : undefined;
  } catch {
    return undefined;
  }
}

function refusal(what: string): string {
  return `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error>
    <Type>Sender</Type><Code>InvalidParameter</Code>
    <Message>Invalid parameter: ${what}</Message></Error></ErrorResponse>`;
}
