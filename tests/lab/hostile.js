// What a page that another server gave tries to do with the lab: see test_hostile.
async ({ lab, token }) => {
  const said = {};
  const attempt = async (name, act) => {
    said[name] = await act().catch((error) => `no: ${error.name}`);
  };
  const simple = { method: "POST", body: "{}", headers: { "Content-Type": "text/plain" } };
  await attempt("read the shell", async () => (await fetch(lab)).text());
  await attempt("read what it is", async () => (await fetch(`${lab}/api/about`)).text());
  await attempt("post", async () => (await fetch(`${lab}/api/records`, simple)).text());
  await attempt("post with the token", async () =>
    (await fetch(`${lab}/api/records`, { ...simple, headers: { Authorization: `Bearer ${token}` } })).text());
  await attempt("post without reading", async () =>
    String((await fetch(`${lab}/api/data/save`, { ...simple, mode: "no-cors" })).status));
  await attempt("a script of it", () => import(`${lab}/shared/server.js`).then(() => "run"));
  await attempt("a picture of it", () => new Promise((done) => {
    const picture = new Image();
    picture.onload = () => done("seen");
    picture.onerror = () => done("no: error");
    picture.src = `${lab}/icon.svg`;
  }));
  await attempt("the line", () => new Promise((done) => {
    const line = new WebSocket(lab.replace("http", "ws") + "/api/work");
    line.onopen = () => line.send(JSON.stringify({ kind: "hello", token }));
    line.onmessage = (event) => done(event.data);
    line.onclose = (event) => done(`no: ${event.code}`);
  }));
  await attempt("what it keeps", async () => localStorage.getItem("backsweep-token") ?? "no: nothing");
  await attempt("within a frame", () => new Promise((done) => {
    const frame = document.querySelector("iframe");
    frame.onload = () => {
      try { done(frame.contentDocument?.title ?? "no: closed"); } catch { done("no: closed"); }
    };
    frame.src = lab;
  }));
  await attempt("a window of it", () => new Promise((done) => {
    const other = window.open(`${lab}/#page=curve`);
    setTimeout(() => {
      try { done(other.closed ? "no: severed" : other.localStorage.getItem("backsweep-token")); }
      catch (error) { done(`no: ${error.name}`); }
    }, 1500);
  }));
  const form = document.body.appendChild(document.createElement("form"));
  Object.assign(form, { method: "POST", action: `${lab}/api/records`, target: "into", enctype: "text/plain" });
  form.submit();
  return said;
}
