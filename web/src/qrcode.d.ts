declare module 'qrcode' {
  export interface QRCode {
    modules: { size: number, data: ArrayLike<number> }
  }

  export function create (text: string, options?: { errorCorrectionLevel?: 'L' | 'M' | 'Q' | 'H' }): QRCode
}
