/** Without a mock, the library reaches a real server. `own` is the class that it then uses: the environment's, or `null` where that is `ws`. */
module.exports.realServer = ({ it, expect, webSocket, own }) => {
  it('without a mock, a real server', async () => {
    let used;
    const socket = webSocket({ url: process.env.ECHO_SERVER, openObserver: { next: ({ target }) => (used = target.constructor) } });
    const received = new Promise((resolve, reject) => socket.subscribe({ next: resolve, error: reject }));
    socket.next('hello');
    expect(await received).toBe('hello');
    socket.complete();
    expect(used === globalThis.WebSocket ? used : null).toBe(own);
  });
};
