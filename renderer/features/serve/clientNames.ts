/** The names of a federation's clients, as they are typed, and the words of a terminal. */

/** More are invited from the command line. */
const mostNames = 200

/** client-1, client-2, … */
export function usualNames(clients: number): string {
  const count = Math.min(clients, mostNames)
  return Array.from({ length: count }, (_, index) => `client-${index + 1}`).join(' ')
}

/** @returns the names, or what is wrong with them */
export function namesIn(text: string, clients: number): readonly string[] | string {
  const names = text.split(/[\s,;]+/).filter((name) => name !== '')
  const odd = names.find((name) => !/^[A-Za-z0-9_-]{1,64}$/.test(name))
  if (odd !== undefined) return `${odd} is no name: use up to 64 letters, digits, - and _.`
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `${twice} is there twice.`
  if (names.length === 0) return 'At least one name.'
  if (names.length > clients)
    return `These are ${names.length} names, and the federation has ${clients} clients.`
  return names
}

/** What a client types; `credentials`: the file that it was given. */
export function joinCommand(broker: string, name: string, credentials?: string): string {
  const base = `hiso join ${broker} --client ${name}`
  return credentials === undefined ? base : `${base} --credentials ${credentials}`
}

export function fileNameOf(path: string): string {
  return path.split(/[\\/]/).at(-1)!
}
