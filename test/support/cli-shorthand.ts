export type Shorthand = string | readonly Shorthand[] | { readonly [key: string]: Shorthand };

/** The shorthand of AWS's command line: `Key=value,List=[a,b],Fields={Key=value}`. What it writes with quotes is not used here. */
export function shorthandOf(text: string): Shorthand {
  const reader = new Reader(text);
  const read = reader.fields('');
  reader.end();
  return read;
}

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  fields(close: string): Shorthand {
    const read: Record<string, Shorthand> = {};
    do {
      const key = this.match(/[A-Za-z0-9_.#/:-]+/y, 'a key');
      this.match(/=/y, '=');
      if (key in read) throw new Error(`${key} stands twice in ${this.text}`);
      read[key] = this.value(close === '');
    } while (this.isNext(','));
    if (close !== '') this.match(new RegExp(`\\${close}`, 'y'), close);
    return read;
  }

  end(): void {
    if (this.at < this.text.length) throw new Error(`not to be read as shorthand: ${this.text.slice(this.at)}`);
  }

  private value(isOutermost: boolean): Shorthand {
    if (this.isNext('{')) return this.fields('}');
    if (this.isNext('[')) return this.list();
    const scalar = isOutermost ? /[^,=]*/y : /[^,=\]}]*/y;
    const read = [this.match(scalar, 'a value')];
    // What follows a comma and is no key is one more value of the same: `Values=a,b`.
    while (isOutermost && /^,[^,=]*(,|$)/.test(this.text.slice(this.at)) && this.isNext(',')) {
      read.push(this.match(scalar, 'a value'));
    }
    const [only] = read;
    return read.length === 1 && only !== undefined ? only : read;
  }

  private list(): Shorthand {
    const read: Shorthand[] = [];
    if (this.isNext(']')) return read;
    do read.push(this.value(false));
    while (this.isNext(','));
    this.match(/\]/y, ']');
    return read;
  }

  private isNext(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new Error(`expected ${what} at ${this.at} of ${this.text}`);
    this.at += found.length;
    return found;
  }
}
