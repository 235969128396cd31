/** The connection to the engine: its state in words, the machine it runs on, requests. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { EngineAnswer, EngineRequestName, MachineReport } from '../../core/engine/index.ts'
import type { Asked } from '../engine/engineClient.ts'
import { useNotices } from './notices.ts'
import { enginePort, shellPort } from './ports.ts'

/** `failed`: it can't be brought back without a person's doing. */
export type EngineState = 'starting' | 'ready' | 'restarting' | 'failed'

export const useEngine = defineStore('engine', () => {
  const notices = useNotices()
  const state = shallowRef<EngineState>('starting')
  /** Why it failed, and what to do. */
  const reason = shallowRef<string>()
  const machine = shallowRef<MachineReport>()
  const isReady = computed(() => state.value === 'ready')

  function connect(): void {
    follow()
    enginePort().listenToState(follow)
    shellPort().listen('engineStateChanged', (change) => {
      reason.value = change.text
      if (change.state === 'failed') state.value = 'failed'
      if (change.state === 'restarted')
        notices.show({
          tone: 'info',
          title: 'The engine was restarted',
          text: change.text ?? 'Its runs were rebuilt from their logs and continue.',
        })
    })
  }

  function follow(): void {
    const connection = enginePort().state
    if (connection === 'connected') {
      state.value = 'ready'
      reason.value = undefined
      if (machine.value === undefined)
        void enginePort()
          .request('describeMachine')
          .then(
            (report) => (machine.value = report),
            (thrown) => notices.fail('The engine did not describe this machine', thrown),
          )
    } else if (state.value !== 'failed')
      state.value = connection === 'connecting' ? 'starting' : 'restarting'
  }

  function restart(): void {
    state.value = 'starting'
    void shellPort().request('restartEngine')
  }

  /**
   * While an engine is on its way, requests wait for it; where none will come, they fail with the
   * reason.
   */
  function request<Name extends EngineRequestName>(
    name: Name,
    ...asked: Asked<Name>
  ): Promise<EngineAnswer<Name>> {
    if (state.value === 'failed')
      return Promise.reject(new Error(reason.value ?? 'The engine could not be started.'))
    return enginePort().request(name, ...asked)
  }

  return { state, reason, machine, isReady, connect, restart, request }
})
