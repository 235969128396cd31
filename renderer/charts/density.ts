/** Pixels of the screen per pixel of the page: it changes with zoom, and from screen to screen. */

/** @returns stops listening */
export function listenToDensity(changed: () => void): () => void {
  let query: MediaQueryList
  const listen = () => {
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    query.addEventListener('change', tell, { once: true })
  }
  const tell = () => {
    listen()
    changed()
  }
  listen()
  return () => query.removeEventListener('change', tell)
}
