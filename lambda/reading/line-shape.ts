const LONGEST = 60;

/** How a line looks whose words nobody may see: a run of letters is `a`, one of digits `0`, what is strange `?`. */
export function lineShape(line: string): string {
  const shape = line
    .slice(0, 500)
    .replace(/[A-Za-z]+/g, 'a')
    .replace(/[0-9]+/g, '0')
    .replace(/[^a0 ,.:;/_"{}[\]()#=+-]+/g, '?');
  return shape.length > LONGEST ? `${shape.slice(0, LONGEST - 1)}…` : shape;
}
