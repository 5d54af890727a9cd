/** The part of `qrcode` that is used: it comes without types */
declare module 'qrcode' {
  export interface TerminalOptions {
    type: 'terminal' | 'utf8'
    /** Half the height, for `terminal` */
    small?: boolean
    errorCorrectionLevel?: 'L' | 'M' | 'Q' | 'H'
  }

  export function toString (text: string, options: TerminalOptions): Promise<string>
}
