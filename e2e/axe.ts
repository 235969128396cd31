/** Accessibility, as axe judges it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { repository } from './repository.ts'

/**
 * What axe objects to, as sentences. It is run as the page would: its frames are the page's own,
 * Electron has no others.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  if (!isThere)
    await page.evaluate(
      await readFile(join(repository, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8'),
    )
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string
      readonly help: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
    }
    const { axe } = window as unknown as {
      axe: { run(options: unknown): Promise<{ violations: Violation[] }> }
    }
    const { violations } = await axe.run({ iframes: false, resultTypes: ['violations'] })
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help} (${nodes.length})\n    ${nodes
          .slice(0, 3)
          .map(
            ({ html, failureSummary }) =>
              `${html.slice(0, 160)}\n      ${failureSummary?.split('\n').at(1)?.trim() ?? ''}`,
          )
          .join('\n    ')}`,
    )
  })
}
