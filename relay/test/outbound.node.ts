import { peerIdFromString } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { createOutbound } from '../src/outbound.ts'

const PEER = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'
const OTHER = '12D3KooWHFUzWyUkpwFrwEsQyGL6bLZ9nBQFZCvMmZAPC7s7nQGB'

describe('outbound', () => {
  it('[FO10] lets nothing be dialled that was not judged', () => {
    const outbound = createOutbound()

    outbound.allow(PEER, [{ address: '/ip4/192.0.2.1/tcp/443/tls/ws', path: 'secret' }])
    expect(outbound.mayDial(`/ip4/192.0.2.1/tcp/443/tls/ws/p2p/${PEER}`)).to.equal(true)
    expect(outbound.mayDial(`/ip4/192.0.2.1/tcp/443/tls/ws/p2p/${OTHER}`)).to.equal(false)
    expect(outbound.mayDial('/ip4/192.0.2.1/tcp/443/tls/ws')).to.equal(false)
    expect(outbound.mayDial(`/ip4/192.0.2.1/tcp/80/ws/p2p/${PEER}`)).to.equal(false)
    outbound.forget(PEER)
    expect(outbound.mayDial(`/ip4/192.0.2.1/tcp/443/tls/ws/p2p/${PEER}`)).to.equal(false)
  })

  it('[FO9] knows the secret path of each way, and tells it to nobody else', () => {
    const outbound = createOutbound()
    const address = `/ip4/192.0.2.1/tcp/443/tls/ws/p2p/${PEER}`

    outbound.allow(PEER, [{ address: '/ip4/192.0.2.1/tcp/443/tls/ws', path: 'secret' }])
    expect(outbound.pathOf(peerIdFromString(PEER), address)).to.equal('secret')
    expect(outbound.pathOf(peerIdFromString(OTHER), address)).to.equal(undefined)
    expect(outbound.pathOf(undefined, address)).to.equal(undefined)
  })
})
