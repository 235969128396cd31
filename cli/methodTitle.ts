/** How the names of methods are written for people. */

const titles: Readonly<Record<string, string>> = { hiso: 'HiSo', decomfl: 'DeComFL', mezo: 'MeZO' }

export function methodTitle(name: string): string {
  return titles[name] ?? name
}
