import { describe, expect, it } from 'vitest';
import { findChromium } from '../setup/findChromium.mjs';
import { paleTexts } from './legibility.js';
import { eventually, openPageEach, type Dashboard } from './openPage.js';
import type { Demo } from './startDemo.js';

const chromium = await findChromium();

/** Returns the present texts of the status line. */
const statusOf = ({ page }: Dashboard): Promise<Record<'headline' | 'detail' | 'time' | 'roundTrip' | 'button' | 'disabled' | 'live', string>> =>
  page.evaluate(() => {
    const text = (id: string): string => document.getElementById(id)!.textContent.trim();
    return {
      headline: text('headline'),
      detail: text('detail'),
      time: `${text('timer-label')} ${text('timer-value')}`,
      roundTrip: text('round-trip'),
      button: text('connect'),
      disabled: document.getElementById('connect')!.getAttribute('aria-disabled')!,
      live: document.getElementById('board')!.dataset['live']!,
    };
  });

const measured = /^(<1 ms|\d+ ms|\d+\.\d s)$/;

describe.runIf(chromium)('the liveness of the demo', () => {
  let demo: Demo;
  let seen: Dashboard;
  openPageEach(chromium, (page, started) => {
    demo = started;
    seen = page;
  });

  it('shows the round trip of a ping while the connection is open, and only then', async () => {
    await eventually(() => seen.roundTrip.textContent()).toMatch(measured);
    await seen.button('Close with 1013').click();
    await seen.says('Waiting for retry 1');
    expect(await statusOf(seen)).toMatchObject({ headline: 'Waiting for retry 1', roundTrip: '–' });

    await seen.button('Reconnect now').click();
    await seen.says('Open');
    await eventually(() => seen.roundTrip.textContent()).toMatch(measured);
  });

  it('shows that an open connection is silent, without a round trip', async () => {
    await eventually(() => seen.roundTrip.textContent()).toMatch(measured);
    await seen.button('Go silent').click();
    await eventually(() => statusOf(seen)).toMatchObject({
      headline: 'Open, but silent',
      detail: 'No Close has arrived. An unanswered ping will end the connection.',
      time: expect.stringMatching(/^silent for \d/) as string,
      roundTrip: '–',
      live: 'false',
    });
  });

  it('ends a silent connection by its heartbeat, shows that, and reconnects when the server answers again', async () => {
    const silent = seen.button('Go silent');
    await silent.click();
    await eventually(() => seen.page.locator('#log').innerText()).toContain('1006');
    const facts = ['1006 Abnormal Closure', 'no answer to a ping for 3 s', 'not clean', 'by: transport', 'The policy waits'];
    for (const fact of facts) expect(await seen.page.locator('#log li').last().innerText()).toContain(fact);

    await silent.click();
    await eventually(() => silent.getAttribute('aria-pressed')).toBe('false');
    await seen.says('Open');
    await eventually(() => seen.caughtUp.textContent()).toMatch(/^caught up \d+ quotes?$/);
    // Some quotes may arrive twice, on the abandoned connection and on the next.
    expect(seen.received.gaps(true)).toEqual([]);
  });

  it('detects by its heartbeat that a connection died while the page is offline', async () => {
    await seen.page.context().setOffline(true);
    await seen.server({ do: 'silent', on: true });
    await seen.says('Offline');
    expect((await statusOf(seen)).detail).toBe('Retry 1 waits for the network. The last end: 1006 Abnormal Closure: no answer to a ping for 3 s.');
  });

  it('shows that it is offline, offers no retry, and reconnects when the network is back', async () => {
    const { page } = seen;
    await page.context().setOffline(true);
    expect(await page.evaluate(() => navigator.onLine)).toBe(false);
    await seen.server({ do: 'drop' }); // emulated offline may keep an open connection to localhost
    await seen.says('Offline');
    expect(await statusOf(seen)).toEqual({
      headline: 'Offline',
      // If going offline cuts the connection, the heartbeat may end it first.
      detail: expect.stringMatching(/^Retry 1 waits for the network\. The last end: 1006 Abnormal Closure(: no answer to a ping for 3 s)?\.$/) as string,
      time: 'retry once online',
      roundTrip: '–',
      button: 'Waits for the network',
      disabled: 'true',
      live: 'false',
    });
    expect(await seen.lastEnd.innerText()).toMatch(/1006 Abnormal Closure\s+(no reason given|no answer to a ping for 3 s)[^]*by: transport/);

    await seen.connect.click({ force: true }); // has no effect
    expect(await statusOf(seen)).toMatchObject({ headline: 'Offline', time: 'retry once online' });

    await page.context().setOffline(false);
    await seen.says('Open');
    await eventually(() => seen.caughtUp.textContent()).toMatch(/^caught up \d+ quotes?$/);
    expect(await page.locator('#log li').count()).toBe(1);
  });

  it('shows offline instead of the countdown if the network goes during a wait', async () => {
    const { page } = seen;
    await seen.button('Close with 1013').click();
    await seen.says('Waiting for retry 1');
    await page.context().setOffline(true);
    await seen.says('Offline');
    expect((await statusOf(seen)).detail).toBe('Retry 1 waits for the network. The last end: 1013 Try Again Later “overloaded”.');

    await page.context().setOffline(false);
    await seen.says('Open');
  });

  it('shows that the server never answered a handshake', async () => {
    await seen.button('Close with 1013').click();
    await seen.says('Waiting for retry 1');
    demo.freeze();
    try {
      await seen.button('Reconnect now').click();
      await eventually(() => seen.lastEnd.innerText()).toContain('it did not open within');
    } finally {
      demo.thaw();
    }
    for (const fact of ['1006 Abnormal Closure', 'not clean', 'by: transport', 'never open']) expect(await seen.lastEnd.innerText()).toContain(fact);
    await seen.says('Open');
  });

  it('shows that the server never answered our Close', async () => {
    await seen.button('Go silent').click();
    await eventually(() => seen.button('Go silent').getAttribute('aria-pressed')).toBe('true');
    await seen.page.getByRole('form', { name: 'Close from here' }).getByRole('button').click();
    await seen.says('Closed from here, uncleanly');
    const cause = 'no answer to our Close for 5 s';
    expect((await statusOf(seen)).detail).toContain(cause);
    expect(await seen.lastEnd.innerText()).toContain(cause);
  });

  it('keeps its layout while silent, lost or offline, and every text is readable, in light and in dark', async () => {
    const { page } = seen;
    const expectSameLayout = async (headline: string): Promise<void> => {
      await seen.says(headline);
      expect(await seen.places(), headline).toBe(open);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await paleTexts(page), `${colorScheme}, ${headline}`).toEqual([]);
      }
    };

    const open = await seen.places();
    await eventually(() => seen.roundTrip.textContent()).toMatch(measured);
    await expectSameLayout('Open');
    await seen.button('Go silent').click();
    await expectSameLayout('Open, but silent');
    await eventually(() => seen.page.locator('#log').innerText()).toContain('no answer to a ping');
    // A retry that opens while the page goes offline would show that the network is there.
    await seen.button('Go silent').click();
    await seen.says('Open');
    await page.context().setOffline(true);
    await seen.server({ do: 'drop' });
    await expectSameLayout('Offline');
  });

  it.each([375, 320])('cuts off no text at %i px', async (width) => {
    const { page } = seen;
    await page.setViewportSize({ width, height: 720 });
    const cut = (texts: Record<string, string> = {}): Promise<(string | null)[]> =>
      page.evaluate((given) => {
        for (const [id, text] of Object.entries(given)) document.getElementById(id)!.textContent = text;
        const all = [...document.querySelectorAll('.timer span, .minute dt, #headline, #detail, #connect')];
        return all.filter((each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight + 2).map((each) => each.textContent);
      }, texts);
    const open = await seen.places();
    await eventually(() => seen.roundTrip.textContent()).toMatch(measured);
    expect(await cut({ 'round-trip': '999 ms' })).toEqual([]);
    expect(await seen.places()).toBe(open);
    await page.context().setOffline(true);
    await seen.server({ do: 'drop' });
    await seen.says('Offline');
    expect(await cut()).toEqual([]);
    const longest = 'Retry 1 waits for the network. The last end: 1006 Abnormal Closure: no answer to a ping for 3 s.';
    expect(await cut({ detail: longest })).toEqual([]);
    expect(await seen.places()).toBe(open);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
