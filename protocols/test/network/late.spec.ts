import { expect } from 'aegir/chai'
import { late } from '../../src/network/late.ts'

/** A service that writes down what becomes of it */
function service (said: string[], components: object): { start (): void, stop (): void, components: object } {
  return { components, start: () => { said.push('start') }, stop: () => { said.push('stop') } }
}

describe('services that are loaded later', () => {
  it('are made once of what all services get, started, and stopped with the node', async () => {
    const components = { name: 'components' }
    const said: string[] = []
    const services = late()(components)
    const load = async (): Promise<(components: object) => ReturnType<typeof service>> => {
      said.push('load')

      return components => service(said, components)
    }
    const [first, second] = await Promise.all([services.get('one', load), services.get('one', load)])

    expect(first).to.equal(second)
    expect(first.components).to.equal(components)
    expect(said).to.deep.equal(['load', 'start'])
    await services.stop()
    expect(said).to.deep.equal(['load', 'start', 'stop'])
    await expect(services.get('two', load)).to.eventually.be.rejected.with.property('name', 'NotStartedError')
  })

  it('are loaded again when they could not be had', async () => {
    const said: string[] = []
    const services = late()({})

    await expect(services.get('one', async () => { throw new TypeError('offline') })).to.eventually.be.rejected.with.property('message', 'offline')
    await services.get('one', async () => components => service(said, components))
    expect(said).to.deep.equal(['start'])
    await services.stop()
  })
})
