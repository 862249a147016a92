// Asks the runtime whether an action accepts a typed value: most rules are in the program, and the schema has only some.

const MILLISECONDS_OF_A_PAUSE = 250;

const answers = new Map();
const waiting = new Map();

const key = (field, type, value) => JSON.stringify([field.action, field.name, type, value]);

/** What the action says against a value, as far as it was asked; undefined for any other value */
export const refusal = (field, type, value) => answers.get(key(field, type, value)) || undefined;

/** Asks about a value once, after a pause in typing, and calls `refused` if the action refuses it */
export function ask(field, type, value, refused) {
  clearTimeout(waiting.get(field));
  const asked = key(field, type, value);
  if (!canAsk(type, value) || answers.has(asked)) return;
  const send = async () => {
    answers.set(asked, await answer(field, type, value));
    if (answers.get(asked)) refused();
  };
  waiting.set(field, setTimeout(send, MILLISECONDS_OF_A_PAUSE));
}

/** Only a literal value is known before a message; Node-RED replaces environment variables */
const canAsk = (type, value) => ['str', 'num', 'json'].includes(type) && !/^\$\{[^}]+\}$/.test(value);

async function answer(field, type, value) {
  const body = { action: field.action, field: field.name, value: type === 'str' ? value : JSON.parse(value) };
  try {
    const { wrong } = await $.ajax({ url: 'azure-devops/check', method: 'POST', contentType: 'application/json', data: JSON.stringify(body) });
    return wrong;
  } catch {
    // Without an answer the action checks the value when it runs.
    return undefined;
  }
}
