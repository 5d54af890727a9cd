/** What a device is called as long as nobody has said otherwise. @param agent - what the browser says that it is */
export function kindOfDevice (agent: string): 'phone' | 'tablet' | 'computer' {
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(agent)) {
    return 'tablet'
  }

  return /Mobi|iPhone/.test(agent) ? 'phone' : 'computer'
}
