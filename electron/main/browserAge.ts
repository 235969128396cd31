/**
 * How old the browser is that runs the window: one that is no longer mended is a risk that a person
 * should see.
 */

/** Chrome 114 was released then, and a new version has come about every 32 days since. */
const known = { version: 114, released: Date.UTC(2023, 4, 30) }
const dayMs = 24 * 60 * 60 * 1000
const versionMs = 31.8 * dayMs
const monthMs = 30.44 * dayMs

/** Chrome's newest versions alone are mended; Electron's last three span about half a year. */
const mendedMonths = 8

/**
 * @param chrome its version, such as 114.0.5735.134
 * @returns when it came out, about, and what follows from that; undefined for no version
 */
export function browserAge(chrome: string, today: Date): string | undefined {
  const major = Number.parseInt(chrome, 10)
  if (!Number.isInteger(major)) return undefined
  const released = known.released + (major - known.version) * versionMs
  const year = new Date(released).getUTCFullYear()
  const months = Math.max(0, Math.round((today.getTime() - released) / monthMs))
  const age = months < 24 ? `${months} months` : `${Math.floor(months / 12)} years`
  return `from about ${year}, ${age} old${months > mendedMonths ? ', no longer mended' : ''}`
}
