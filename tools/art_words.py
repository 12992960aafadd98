"""More everyday words for drawings: species in their natural colours, poses, our own things; as in art_names.py."""

MORE = """
table-wooden: table, wooden table, dining table, coffee table, kitchen table
bench-park: bench, park bench, wooden bench, garden bench
bookcase: bookshelf, book shelf, bookshelves, shelves, shelving
shelf: ledge, mantel
desk: writing desk, office desk, workbench, work table
windowsill: window sill, window ledge, window, open window
curtain: curtains, drape
rug: carpet, mat, doormat, persian rug
pillow: cushion, throw pillow
blanket: quilt, picnic blanket, duvet, bedspread
stove: oven, cooker, range
fridge: refrigerator, freezer
fireplace: hearth, chimney
lamp-table: lamp, table lamp, desk lamp, bedside lamp
lamp-street: street lamp, lamp post, lamppost, streetlamp, street light, streetlight
towel: cloth, bath towel, beach towel, dishcloth, napkin
wardrobe: closet, cupboard, cabinet, dresser
cutting-board: chopping board, wooden board, serving board, board, platter, tray, wooden tray
chopsticks-pair: chopsticks, chop stick, chopstick
macaron: macaroon
plum: prune
sweater: jumper, pullover, cardigan, hoodie, sweatshirt, knitted sweater
apron: pinafore
armor: armour, suit of armor, plate armor, suit of armour, plate armour, knight armor
spacesuit: space suit, astronaut suit
perfume: perfume bottle, fragrance, cologne
bracelet: bangle, earring
wallet: billfold
woman-health-worker: nurse
galleon: pirate ship, sailing ship, tall ship, viking ship, caravel, frigate, warship
placard: sign, signboard, neon sign, wooden sign
rooster: chicken, chickens
dashing-away: steam, smoke, vapor, vapour, puff of smoke
bow-and-arrow: arrow, arrows
chocolate-bar: chocolate
package: box, cardboard box, parcel
castle: palace, fortress
water-wave: ocean
convenience-store: market, corner shop, grocery store, bookshop, flower shop
broom: mop
envelope: postcard, stamp
handbag: bag, purse
houses: village, town, neighborhood
chains: chain
grinning-face: face
military-helmet: combat helmet
bread: toast, slice of toast
person-beard: beard
sports-car: sports car, sportscar, supercar, race car, convertible, ferrari, porsche, lamborghini, coupe
racing-car: formula one car, f1 car
armchair: arm chair, easy chair, recliner, cozy armchair
branch: tree branch, bough, twig
knight: knights, knight in armor, medieval knight, crusader, paladin
person: hiker, camper, traveler, traveller, tourist, backpacker, explorer, customer, guest, neighbor, neighbour, poet,
    philosopher, writer, monk, fisherman, sailor, librarian, potter, ceramicist, weaver, sculptor
watering-can: watering can, sprinkling can
cliff: cliffs, precipice, bluff, rocky cliff, sea cliff
boulder: boulders, large rock, rocks, stone, stones, big rock
altar: stone altar, ancient altar, shrine stone
stone-wall: wall, stone wall, garden wall
fence: wooden fence, picket fence, fencing
path: footpath, trail, pathway, dirt path, dirt road
campfire-logs: campfire, bonfire, camp fire, fire pit
swing: swing set, playground swing
waterfall: waterfalls, cascade
windmill: wind mill, mill
barn: red barn, stable, farm
igloo: snow house
well: water well, wishing well
pyramid: pyramids
gate: garden gate, iron gate
hay-bale: hay, haystack, hay bale, straw bale
hedge: hedgerow, bushes
vine: vines, ivy, creeper
lily: lilies, iris, amaryllis
wreath: garland, christmas wreath
mailbox: letterbox, letter box, postbox, post box
scarecrow: straw man
sandcastle: sand castle
stage: theater stage, theatre stage, concert stage
stairs: staircase, stairway, steps
roof: rooftop, red roof
pond: lake, pool, swimming pool, puddle
river: stream, creek, brook
log-cabin: cabin, log cabin, wooden cabin, lodge, chalet, wooden hut, mountain hut
cottage: country house, farmhouse, bungalow, stone cottage, thatched cottage
cat-sleeping: sleeping cat, cat asleep, sleeping kitten, cat sleeping, napping cat, curled cat, lying cat, snoozing cat
cat-sitting: sitting cat, sitting kitten, cat sitting, seated cat
dog-sitting: sitting dog, sitting puppy, dog sitting, seated dog
dog-sleeping: sleeping dog, dog asleep, sleeping puppy, dog sleeping, napping dog, lying dog, snoozing dog
walrus: walruses
hummingbird: humming bird, colibri
seagull: gull, sea gull, albatross
starfish: sea star
skateboard-side: skateboard, longboard
surfboard: surf board
submarine: yellow submarine
tank: army tank, military tank
wheelbarrow: barrow
cannon: cannons
dumbbell: barbell, weights
barrel: wooden barrel, keg, wine barrel, cask
crate: wooden crate, wooden box
long-sword: sword, longsword, broadsword, excalibur, blade
scarf-worn: scarf, red scarf, woolen scarf, knitted scarf, winter scarf
whistle: referee whistle
raft: wooden raft
wagon: covered wagon, carriage
rocking-chair: rocker
orchid: orchids
fox: red fox, arctic fox, desert fox
pear: green pear, yellow pear
bear: brown bear, grizzly bear, grizzly
wolf: gray wolf, grey wolf, timber wolf
spouting-whale: blue whale, humpback whale, killer whale
turtle: sea turtle, green sea turtle, tortoise, green turtle
shark: great white shark
eagle: bald eagle, golden eagle, vulture, red tailed hawk
chipmunk: red squirrel, grey squirrel, gray squirrel, squirrel
tropical-fish: goldfish, koi, koi fish, salmon, trout
penguin: emperor penguin, baby penguin
owl: barn owl, snowy owl
ox: bull, bison
rooster: hen
frog: toad, tree frog
butterfly: moth, monarch butterfly
bug: caterpillar
cookie: biscuit, chocolate chip cookie
violin: cello, fiddle, viola
headstone: gravestone, tombstone, grave
gloves: mitten
dress: gown, evening gown
kimono: robe, bathrobe
basket: picnic basket, wicker basket, picnic, hamper
wheel: pottery wheel, potter's wheel, potters wheel
ship: harbor ship
house: home
snowflake: icicle
glass-of-milk: glass of milk
performing-arts: puppet, puppets
ice: ice cube, ice cubes
person-in-bed: pajamas
red-circle: circle
green-circle: button
blue-square: square
red-triangle-pointed-up: triangle
crayon: chalk
coin: gold, treasure
page-facing-up: paper, sheet of paper
paintbrush: brush
bathtub: bath, tub
motor-scooter: scooter
rock: pebble, pebbles
bed: crib, bedroom
""".strip()
