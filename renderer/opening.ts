/**
 * The page's first script: lets the window be drawn, and so shown, before the app's scripts are
 * read, which takes a second or two.
 */
const begin = () => void import('./main.ts')

requestAnimationFrame(() => setTimeout(begin))
/** Where no frame comes, as in a window that nobody sees. A second import does nothing. */
const patienceMs = 500
setTimeout(begin, patienceMs)
