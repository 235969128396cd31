/** A file name that every system takes. */
export function fileNameOf(title: string, extension: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${slug || 'chart'}.${extension}`
}
