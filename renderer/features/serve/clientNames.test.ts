import { expect, test } from 'vitest'
import { fileNameOf, joinCommand, namesIn, usualNames } from './clientNames.ts'

test('the names of all clients are proposed, and are names', () => {
  expect(usualNames(3)).toBe('client-1 client-2 client-3')
  expect(namesIn(usualNames(3), 3)).toEqual(['client-1', 'client-2', 'client-3'])
})

test('names stand between any spaces and commas', () => {
  expect(namesIn(' ana,ben\n cem ', 3)).toEqual(['ana', 'ben', 'cem'])
})

test('what is wrong with names is said by name', () => {
  expect(namesIn('', 3)).toMatch(/At least one/)
  expect(namesIn('ana b.n', 3)).toMatch(/b\.n is no name/)
  expect(namesIn('ana ben ana', 3)).toMatch(/ana is there twice/)
  expect(namesIn('a b c d', 3)).toMatch(/4 names, .* 3 clients/)
})

test('a command names the credentials by the file that its owner gets', () => {
  expect(joinCommand('nats://h', 'ana', fileNameOf('C:\\runs\\a\\ana.yaml'))).toBe(
    'hiso join nats://h --client ana --credentials ana.yaml',
  )
  expect(fileNameOf('/runs/a/ana.yaml')).toBe('ana.yaml')
})
