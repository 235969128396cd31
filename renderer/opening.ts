/**
 * The page's first script: lets the window be drawn, and so shown, before the app's scripts are
 * read, which takes a second or two.
 */
requestAnimationFrame(() => setTimeout(() => void import('./main.ts')))
