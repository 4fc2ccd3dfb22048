import { element, write } from './element.js';
import type { Act } from './protocol.js';
import { act } from './server.js';
import { socket } from './quotes.js';

/** Starts the buttons that act on the server, and the forms. */
export function startControls(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-act]')) {
    button.addEventListener('click', () => void ask(JSON.parse(button.dataset['act'] ?? '') as Act));
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-toggle]')) {
    const name = button.dataset['toggle'] as 'silent' | 'refuse';
    button.addEventListener('click', () => void ask({ do: name, on: button.getAttribute('aria-pressed') !== 'true' }));
  }
  onSubmit('server-close', (code, reason) => void ask({ do: 'close', code: code ?? 1000, reason: reason ?? '' }, 'form-told'));
  onSubmit('own-close', (code, reason) => show('own-told', ...closeFromHere(code, reason)));
}

/** Sends the request to the server, and shows its answer in the element with that id. */
async function ask(request: Act, told = 'server-told'): Promise<void> {
  const answer = await act(request);
  if ('problem' in answer) {
    show(told, answer.problem, false);
    return;
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-toggle]')) {
    button.setAttribute('aria-pressed', String(answer[button.dataset['toggle'] as 'silent' | 'refuse']));
  }
  show(told, answer.did, true);
}

function closeFromHere(code: number | undefined, reason: string | undefined): [said: string, fine: boolean] {
  const before = element('status').dataset['state'];
  try {
    socket.close(code, reason); // validated first in every state: when it throws, nothing has changed
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), false];
  }
  if (before === 'idle' || before === 'closed') return ['Valid, but there is no connection to close.', true];
  return before === 'closing' ? ['It is closing already; nothing changes.', true] : ['Close requested: see the status above.', true];
}

function onSubmit(id: string, submitted: (code: number | undefined, reason: string | undefined) => void): void {
  const form = element<HTMLFormElement>(id);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const [code, reason] = [String(data.get('code')).trim(), String(data.get('reason'))];
    submitted(code === '' ? undefined : Number(code), reason === '' ? undefined : reason);
  });
}

function show(id: string, sentence: string, fine: boolean): void {
  const place = element(id);
  place.dataset['fine'] = String(fine);
  write(place, sentence);
}
