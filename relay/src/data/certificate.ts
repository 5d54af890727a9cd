// must come before @peculiar/x509, whose container reads decorators' metadata
import 'reflect-metadata'
import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import type { JsonGeneralName } from '@peculiar/x509'

export interface KeyAndCertificate {
  /** PKCS #8, PEM */
  privateKey: string
  /** X.509, PEM */
  pem: string
}

export interface SelfSignedInit {
  days: number
  /** DNS names and addresses it is for */
  names?: JsonGeneralName[]
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000

/** A self-signed ECDSA P-256 certificate: the one kind that every WebRTC implementation takes */
export async function selfSigned ({ days, names }: SelfSignedInit): Promise<KeyAndCertificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  // whole seconds: the library writes anything finer in a form that OpenSSL refuses
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(15).toString('hex').replace(/^./, '4'),
    name: 'CN=localhost',
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(names != null, undefined, true),
      ...(names == null ? [] : [new SubjectAlternativeNameExtension(names)])
    ]
  }, crypto)
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)

  return {
    privateKey: createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }).toString(),
    pem: certificate.toString('pem')
  }
}

/** Multibase and multihash of a certificate, as it stands in a webrtc-direct address */
export function certhash (pem: string): string {
  const digest = createHash('sha256').update(new X509Certificate(pem).raw).digest()

  return `u${Buffer.concat([Uint8Array.of(0x12, 0x20), digest]).toString('base64url')}`
}
