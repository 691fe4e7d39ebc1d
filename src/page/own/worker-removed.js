// This guide keeps nothing on its readers' devices any more: takes an earlier worker away, with all that it kept. Made by
// Fingerpost; it can be deleted once nobody has visited with that worker for long.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  const own = `fingerpost ${new URL(registration.scope).pathname} `;
  event.waitUntil((async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(own));
    await Promise.all(names.map((name) => caches.delete(name)));
    await registration.unregister();
  })());
});
