"""Ten thousand goods such as a large shop has: real words, odd prices, codes that nobody can guess."""

import random
from decimal import Decimal
from itertools import product

from django.contrib.auth.models import User
from django.db import transaction

from inventory import ledger, skus
from inventory.models import Category, Pack, Product
from smartduka.tests.builders import a_voucher

BRANDS = (
    "Brookside,Tuzo,KCC,Ajab,Jogoo,Soko,Pembe,Exe,Dola,Kabras,Mumias,Fresh Fri,Rina,Elianto,Kensalt,Ketepa,Nescafé,"
    "Dormans,Royco,Knorr,Indomie,Omo,Ariel,Sunlight,Geisha,Dettol,Menengai,Colgate,Always,Huggies,Pampers,Softcare,"
    "Minute Maid,Afia,Del Monte,Keringet,Supa Loaf,Festive,Britannia,Manji,Cadbury,Nice & Lovely,Vaseline,Nivea,Kiwi,"
    "Eveready,BIC,Kasuku,Blue Band,Zesta,Peptang,Toss,Downy,Harpic,Jik,Doom"
)
KINDS = {
    "Dairy": "Fresh Milk,Long Life Milk,Mala,Yoghurt Strawberry,Yoghurt Vanilla,Ghee,Butter Salted,Cheese Slices",
    "Flour": "Maize Flour,Wheat Flour,Atta Flour,Porridge Mix,Pishori Rice,Spaghetti,Ndengu,Rosecoco Beans",
    "Cooking": "Vegetable Oil,Cooking Fat,White Sugar,Brown Sugar,Iodised Salt,Tomato Paste,Curry Powder,Beef Cubes",
    "Drinks": "Soda,Mango Juice,Orange Juice,Water,Energy Drink,Tea Leaves,Instant Coffee,Drinking Chocolate",
    "Bakery": "White Bread,Brown Bread,Buns,Queen Cakes,Digestive Biscuits,Marie Biscuits,Glucose Biscuits,Wafers",
    "Household": "Washing Powder,Bar Soap,Dishwashing Liquid,Bleach,Matches,Candles,Batteries AA,Shoe Polish Black",
    "Personal care": "Bath Soap,Toothpaste,Body Lotion,Petroleum Jelly,Hair Food,Roll On,Sanitary Pads,Shampoo",
    "Stationery": "Exercise Book 48 Pages,Exercise Book 96 Pages,Ball Pen Blue,Ball Pen Black,Pencil HB,Counter Book",
    "Snacks": "Potato Crisps Salted,Potato Crisps Chilli,Peanuts,Popcorn,Chewing Gum Mint,Lollipop,Milk Chocolate",
}
SIZES = (
    "20 g,40 g,50 g,75 g,100 g,125 ml,150 g,175 g,200 ml,250 g,300 ml,400 g,500 g,500 ml,750 ml,1 kg,1 litre,2 kg,"
    "2 litres,3 litres,5 kg,5 litres,10 kg,x 3,x 6,x 12"
)
PRICES = [*range(5, 200, 5), *range(200, 1000, 10), 99, 199, 299, 499, 999, 1250, 1500, 2400]


def many_goods(count: int, *, by: User) -> None:
    """Put them on the shelf; the same ones every time."""
    chance = random.Random(11)  # noqa: S311 – not a secret
    shelves = {name: Category.objects.create(name=name) for name in KINDS}
    kinds = [(shelf, kind) for shelf, names in KINDS.items() for kind in names.split(",")]
    chosen = chance.sample(list(product(BRANDS.split(","), kinds, SIZES.split(","))), count)
    taken: set[str] = set()
    goods = Product.objects.bulk_create(
        _product(chance, f"{brand} {kind} {size}", shelves[shelf], taken) for brand, (shelf, kind), size in chosen
    )
    Pack.objects.bulk_create(
        Pack(product=each, name=f"Carton of {size}", size=size, selling_price=size * each.selling_price - 5,
             barcode=_ean(chance))
        for each in chance.sample(goods, count // 20) for size in [chance.choice([6, 12, 24])]
    )  # fmt: skip
    with transaction.atomic():
        held = ledger.lock(each.pk for each in goods)
        delivered = [
            ledger.Item(each, chance.randint(1, chance.choice([1, 12, 60, 250])), each.buying_price)
            for each in held.values()
        ]
        ledger.receive(delivered, a_voucher(by))


def _product(chance: random.Random, name: str, shelf: Category, taken: set[str]) -> Product:
    price = Decimal(chance.choice(PRICES))
    sku = skus.propose(name, taken.__contains__)
    taken.add(sku)
    return Product(
        name=name,
        sku=sku,
        barcode=_ean(chance) if chance.random() < 0.9 else None,
        category=shelf,
        buying_price=price * 4 / 5,
        selling_price=price,
        floor_price=price - 5 if chance.random() < 0.3 else None,
    )


def _ean(chance: random.Random) -> str:
    """An EAN-13 of Kenya."""
    digits = f"616{chance.randrange(10**9):09}"
    odd, even = (sum(map(int, digits[start::2])) for start in (0, 1))
    return f"{digits}{-(odd + 3 * even) % 10}"
