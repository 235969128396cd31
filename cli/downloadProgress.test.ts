import { expect, it } from 'vitest'
import { downloadFields, DownloadProgressLine } from './downloadProgress.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

const progress = {
  file: 'onnx/model.onnx',
  bytes: 125e6,
  totalBytes: 500e6,
  bytesPerSecond: 25e6,
}

it('a download tells bytes, rate and the time that is left', () => {
  expect(downloadFields(progress)).toEqual([
    '125 MB of 500 MB, 25.0%',
    '25.0 MB/s',
    '15 s left',
    'onnx/model.onnx',
  ])
  const unknown = { ...progress, totalBytes: undefined, bytesPerSecond: undefined }
  expect(downloadFields(unknown)).toEqual(['125 MB', 'onnx/model.onnx'])
})

it('where lines stay, they come seldom', () => {
  const { terminal, stdout } = recordingTerminal()
  let now = 0
  const line = new DownloadProgressLine(terminal, () => now)
  for (; now < 12_000; now += 100) line.show(progress)
  expect(stdout().trimEnd().split('\n')).toHaveLength(3)
})
