"""Everyday words for drawings, where the sets' own names are others: for make_art.py."""

from art_words import MORE

_TABLE = """
hot-beverage: coffee, tea, hot coffee, cup of coffee, cup of tea, hot chocolate, cocoa, espresso, latte, cappuccino,
    tea cup, teacup, hot drink
coffee-mug: mug, coffee cup, cup, ceramic mug
couch-and-lamp: sofa, couch, living room, settee
crossed-swords: swords
dagger: sword, knife dagger
cityscape: city, town, skyline, metropolis
office-building: skyscraper, office, tower block, office block, building, high rise, apartment building
bridge-at-night: bridge
house: home, cottage, bungalow
hut: cabin, shack
derelict-house: haunted house, ruin
pizza: slice of pizza, pizza slice
racing-car: racecar
sport-utility-vehicle: suv, jeep
automobile: car, red car, sedan, vehicle
articulated-lorry: lorry, semi truck, trailer
delivery-truck: truck, van, delivery van
amphora: urn, pottery, clay pot, jug
potted-plant: plant, houseplant, pot plant, pot, succulent, flowerpot
herb: fern, bush, shrub, leaf, leaves
high-heeled-shoe: high heels, high heel, heels, stiletto
running-shoe: sneaker, sneakers, trainers, trainer, running shoes
headphone: headphones, headset, earphones, earbuds
flying-saucer: ufo, spaceship, alien spaceship
satellite: space station
rocket: spacecraft, rocket ship, space rocket
wrapped-gift: gift, present, gift box, christmas present, birthday present
clown-face: clown
puzzle-piece: puzzle, jigsaw
chess-pawn: chess piece, chess, pawn
mantelpiece-clock: clock, wall clock
locked: lock, padlock
hiking-boot: boots, boot, hiking boots
gem-stone: diamond, gem, jewel, crystal, sapphire, ruby, emerald
red-heart: heart, love
crescent-moon: moon, half moon
full-moon: full moon
droplet: water drop, drop, raindrop, water
water-wave: wave, ocean wave, sea
evergreen-tree: pine tree, pine, fir tree, fir, conifer, spruce
deciduous-tree: tree, oak tree, oak, maple tree, apple tree, olive tree, fruit tree
tangerine: orange, oranges, mandarin, clementine
cheese-wedge: cheese
beer-mug: beer, pint, pint of beer, ale
bottle-with-popping-cork: champagne, champagne bottle, wine bottle, bottle of wine, bottle, prosecco
lotion-bottle: perfume bottle, shampoo, lotion, skincare bottle, cosmetic bottle, soap dispenser
teapot: kettle, tea pot
person: human, someone, adult
health-worker: doctor, nurse, physician, surgeon, medic
police-officer: policeman, policewoman, cop, police
man-running: runner, jogger
woman-dancing: dancer
man-dancing: dancing man
raised-hand: hand, palm
triangular-flag: flag
sports-medal: medal
artist-palette: palette, paint palette
wood: log, firewood
fire: campfire, flame, bonfire
vertical-traffic-light: traffic light, stoplight
snow-capped-mountain: snowy mountain, mountain peak, alps
mountain: mountains, hill, hills
hatching-chick: hatching egg
hourglass-not-done: hourglass, sand timer
seat: armchair, cinema seat
chair: stool, wooden chair
cut-of-meat: steak, beef, meat, fillet
spaghetti: pasta, noodles, spaghetti bolognese, lasagna
steaming-bowl: ramen, soup, noodle soup, bowl of soup, bowl of noodles, pho, broth, porridge
pot-of-food: stew, casserole
green-salad: salad
bowl-with-spoon: bowl, cereal, yogurt, oatmeal
hamburger: burger, cheeseburger, hamburgers
french-fries: fries, chips
ice-cream: sundae, gelato
soft-ice-cream: ice cream cone, ice cream
doughnut: donut
birthday-cake: cake, chocolate cake
cupcake: muffin
baguette-bread: baguette
bread: loaf, toast, loaf of bread, sourdough, slice of bread, bread loaf
hot-pepper: chili, chilli, chilli pepper, pepper
bell-pepper: capsicum, paprika
ear-of-corn: corn, maize
leafy-green: lettuce, spinach, cabbage, kale
pea-pod: peas, pea
root-vegetable: beet, beetroot, radish, turnip
eggplant: aubergine
blueberries: berries, blueberry
grapes: fruit, grape
red-apple: apple
green-apple: green apple, granny smith
cherries: cherry
kiwi-fruit: kiwi
broccoli: vegetable, vegetables
wine-glass: wine, red wine, glass of wine, glass
cocktail-glass: cocktail, martini
tropical-drink: smoothie, mojito
glass-of-milk: milk
cup-with-straw: soda, lemonade, milkshake, soft drink, iced coffee, iced tea, juice
bubble-tea: boba, boba tea
tumbler-glass: whiskey, whisky, glass of water
honey-pot: honey
jar: mason jar, jam, glass jar
fork-and-knife-with-plate: dinner, meal, restaurant
fork-and-knife: cutlery, fork
kitchen-knife: knife
fish-cake-with-swirl: narutomaki
rice-ball: onigiri
fried-shrimp: tempura, prawn
dumpling: gyoza, dumplings
cooked-rice: rice, bowl of rice
curry-rice: curry
cooking: fried egg, frying pan, omelette
honeybee: bee, bumblebee, honey bee
lady-beetle: ladybug, ladybird
baby-chick: chick
front-facing-baby-chick: cute chick
dog-face: puppy face
dog: puppy, labrador, golden retriever, corgi, hound
poodle: terrier
cat: kitten, tabby, siamese cat, tabby cat, ginger cat
black-cat: black kitten
rabbit: bunny, hare
mouse: mice
chipmunk: squirrel
horse: pony, stallion
tiger: tiger cub
sauropod: dinosaur, brontosaurus, brachiosaurus
t-rex: tyrannosaurus, tyrannosaurus rex, tyrannosaur
two-hump-camel: bactrian camel
spouting-whale: whale
polar-bear: white bear
bird: songbird, robin, sparrow, canary, finch
dove: pigeon
eagle: hawk, falcon
parrot: macaw
black-bird: crow, raven
spiral-shell: shell, seashell, conch
tropical-fish: clownfish, goldfish, aquarium fish
coral: coral reef
crocodile: alligator
rose: roses, red rose
tulip: flower, tulips
white-flower: daisy, white daisy
hibiscus: tropical flower
blossom: yellow flower
bouquet: flowers, bouquet of flowers, bunch of flowers
lotus: water lily, lotus flower
cherry-blossom: sakura, cherry blossoms
tanabata-tree: bamboo tree
pine-decoration: bamboo decoration
four-leaf-clover: clover
maple-leaf: autumn leaf
fallen-leaf: autumn leaves, dry leaf
sheaf-of-rice: wheat, grain
seedling: sprout, sapling, young plant
palm-tree: palm, coconut tree
cactus: cacti
christmas-tree: xmas tree
man-mage: wizard, sorcerer, merlin
woman-mage: witch, sorceress
man-elf: elf
woman-fairy: fairy, pixie
mermaid: siren
man-superhero: superhero, hero
woman-superhero: superheroine
person-with-crown: king, monarch
princess: queen
guard: soldier, royal guard
ninja: samurai, assassin
pirate-flag: pirate, jolly roger
cowboy-hat-face: cowboy
man-vampire: vampire, dracula
man-zombie: zombie
man-genie: genie, djinn
old-man: grandfather, grandpa, elderly man, old gentleman
old-woman: grandmother, grandma, elderly woman, granny
older-person: elder, senior, elderly person, pensioner
construction-worker: builder
man-mechanic: mechanic, plumber, carpenter, craftsman
cook: chef, baker, barista, waiter, waitress
office-worker: businessman, businesswoman, business person, entrepreneur, manager, accountant
technologist: programmer, developer, engineer, hacker, coder
man-scientist: scientist, chemist
woman-teacher: teacher, professor
man-farmer: farmer, gardener
singer: pop star, rock star
man-detective: detective, spy, private eye, noir detective, investigator
person-in-lotus-position: meditating person, yogi, yoga
person-standing: standing person
person-walking: walking person, pedestrian
person-running: running person
person-biking: cyclist
person-swimming: swimmer
person-surfing: surfer
people-holding-hands: friends
woman-and-man-holding-hands: couple, lovers
family-man-woman-girl-boy: family, parents, parents and children
woman-white-hair: old lady
man-beard: bearded man
baby-angel: angel, cherub
santa-claus: santa, father christmas
alien-monster: monster, space invader
ogre: demon
robot: android, cyborg, robots
ghost: phantom
skull: skull head
bone: bones
brain: mind
anatomical-heart: human heart
round-pushpin: pin, map pin
world-map: map
globe-showing-europe-africa: earth, globe, world, planet earth
ringed-planet: planet, saturn
glowing-star: shining star
shooting-star: meteor, falling star
milky-way: galaxy, night sky
high-voltage: lightning, lightning bolt, electricity, bolt
cloud-with-rain: rain cloud, rain
cloud-with-lightning-and-rain: storm, thunderstorm
snowman-without-snow: snow man
wind-face: wind
sail-boat: sailboat, boat, yacht, sailing boat
plate: dish, white plate, saucer
tea-bowl: tea bowl, ceramic bowl, pottery bowl, matcha bowl, matcha
ship: ocean liner
passenger-ship: cruise ship
speedboat: motorboat
canoe: kayak, rowing boat, rowboat
bullet-train: fast train
locomotive: steam train, steam engine, train engine
airplane: plane, jet, aeroplane, aircraft
small-airplane: propeller plane
motor-scooter: scooter, vespa, moped
kick-scooter: push scooter
bicycle: bike
fire-engine: fire truck
laptop: notebook computer, macbook
desktop-computer: computer, monitor, pc, screen
mobile-phone: phone, smartphone, cell phone, iphone
keyboard: computer keyboard
video-game: game controller, gamepad, controller
camera: photo camera
open-book: book, reading
closed-book: red book
blue-book: blue book
books: stack of books, library, bookshelf
spiral-notepad: notepad
scroll: parchment
envelope: letter, mail, email
pencil: pencils
paintbrush: brush
carpentry-saw: saw
hammer-and-wrench: tools
light-bulb: bulb, lightbulb, idea
diya-lamp: oil lamp
red-paper-lantern: lantern, paper lantern
candle: candles
flashlight: torch
shopping-bags: shopping bag, bag
handbag: purse bag
backpack: rucksack, school bag
top-hat: hat
billed-cap: cap, baseball cap
bamboo-hat: conical hat, rice hat, asian hat
bamboo-leaf: bamboo shoot, bamboo leaves, green bamboo leaf
womans-hat: sun hat, straw hat, summer hat, bonnet
graduation-cap: mortarboard
rescue-workers-helmet: helmet, hard hat
military-helmet: army helmet
cowboy-hat-face: cowboy face
ribbon: bow, hair bow, bow tie, bowtie
necktie: tie
scarf: shawl
coat: jacket, raincoat, overcoat, trench coat
t-shirt: shirt, tshirt, tee
jeans: trousers, pants
womans-boot: boot heel
gloves: mittens, glove
socks: sock
prayer-beads: necklace, beads
watch: wristwatch, smartwatch
soccer-ball: football, ball
party-popper: party, celebration
confetti-ball: confetti
fireworks: firework
national-park: park
desert-island: island
umbrella: parasol
beach-with-umbrella: beach umbrella
camping: campsite
stadium: arena
circus-tent: circus
classical-building: museum, greek temple, parthenon, temple
convenience-store: shop, store
department-store: mall
statue-of-liberty: statue
ferris-wheel: big wheel
balance-scale: scales, justice
money-bag: money, bag of money
dollar-banknote: cash, banknote, dollar
coin: coins, gold coin
credit-card: bank card
chart-increasing: growth, graph
bar-chart: chart
gear: settings, cog
magnifying-glass-tilted-left: magnifying glass, search, magnifier
check-mark-button: check, tick
cross-mark: cross
speech-balloon: speech bubble, chat
thought-balloon: thought bubble
musical-notes: music
studio-microphone: microphone, mic
musical-keyboard: piano
framed-picture: painting, picture frame, art
performing-arts: theatre, theater, masks
clapper-board: movie, film
wastebasket: bin, trash can
shopping-cart: trolley
stop-sign: stop
test-tube: lab
dna: genetics
pill: medicine, tablet
syringe: vaccine
thumbs-up: like
globe-with-meridians: internet, web
smiling-face-with-smiling-eyes: smiley, happy face, smile
loudly-crying-face: crying face, sad face
angry-face: anger
yarn: wool, ball of wool, ball of yarn
thread: spool
teddy-bear: stuffed bear, plush bear
game-die: dice
crystal-ball: fortune teller
mirror-ball: disco ball
bow-and-arrow: bow and arrow
moai: easter island head
jack-o-lantern: pumpkin, halloween pumpkin, carved pumpkin
goggles: ski goggles
large-orange-diamond: orange diamond
""".strip()


def _read() -> dict[str, str]:
    out: dict[str, str] = {}
    entry = ""
    for line in f"{_TABLE}\n{MORE}".split("\n"):
        if not line.startswith(" "):
            entry, _, line = line.partition(":")
        out.update((phrase.strip(), entry) for phrase in line.split(",") if phrase.strip())
    return out


OURS = _read()
