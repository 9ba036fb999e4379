// Runs before anything is shown: a page that this device kept for somebody else goes, and the one of
// who is signed in is asked for. Without a network the browser then says that there is none.

const own = document.currentScript.dataset.whose;
const signedIn = document.cookie.split("; ").find((cookie) => cookie.startsWith("pass_numerique_mark="));
if (!signedIn || signedIn.split("=")[1] !== own) {
  document.documentElement.hidden = true;
  const gone = "caches" in self ? caches.delete("pass-numerique-scanner") : Promise.resolve();
  const reload = () => location.reload();
  gone.then(reload, reload);
}
