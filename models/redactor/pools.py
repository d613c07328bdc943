"""Names of people, places and organizations to fill texts with.

Given and family names of Latin-script locales and city names come from Faker's data
files (MIT); the romanized Chinese, Korean, Japanese, Arabic, Persian, Russian, South
Asian and Vietnamese names, the well-known places and the parts of organization names
are written here.
"""

from __future__ import annotations

import importlib
import pkgutil
import random

import faker.providers.address as faker_address
import faker.providers.person as faker_person

OWN_ORIGINS = {
    "zh": ("Wei Min Jing Li Xiaoming Hui Fang Jun Yan Lei Tao Na Xin Hao Ying Ming Jie Mei Bo Qiang Yuting Zihan Haoran Xue Ting Long Peng Dan Rui Zhen Shu".split(), "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Xu Deng Feng Han Cao Zeng Peng Xiao Cai Pan Tian Dong Yuan Yu Jiang Ye Du Su Wei Cheng Lu Ding Shen Ren Yao".split()),
    "ko": ("Min-jun Seo-yeon Ji-woo Ha-eun Do-yun Soo-jin Hyun-woo Ji-hye Sung-min Eun-ji Jae-hyun Yuna Minho Jisoo Taehyung Seung-ho Kyung-mi Hye-jin Dong-wook Young-ja Sang-hoon Mi-kyung".split(), "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong Jeon Ko Moon Son Bae Baek Heo Nam".split()),
    "ja": ("Haruto Yui Sota Hina Takeshi Yuki Kenji Naoko Hiroshi Akiko Daichi Sakura Ren Aoi Kaito Emi Satoshi Keiko Ryo Mika Shinji Ayumi Taro Hanako Masashi Noriko Kazuo Chiyo".split(), "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi Matsumoto Inoue Kimura Hayashi Shimizu Saito Mori Abe Ikeda Hashimoto Ishikawa Ogawa Goto Okada Hasegawa Fujita Murakami Kondo Endo".split()),
    "ar": ("Mohammed Ahmed Ali Omar Khalid Hassan Youssef Ibrahim Fatima Aisha Mariam Layla Noor Zainab Huda Salma Tariq Samir Karim Bilal Nadia Rania Yasmin Mustafa Abdullah Hamza Amina Faisal Sultan Mona Rashid Abdul".split(), "Al-Sayed al-Masri Hassan Khalil Mansour Haddad Nasser Saleh Khoury al-Rashid Aziz Farouk Abdallah Hamdan Qasim Najjar Darwish Bakr Shaheen Awad Zayed al-Harbi Al-Qahtani Othman Sabbagh El-Amin Ben-Youssef Bouazizi Benali Cherif".split()),
    "fa": ("Reza Mehdi Hossein Amir Arash Parisa Shirin Niloofar Mahsa Leila Behrouz Darius Farhad Golnaz Kamran Sara Soraya Babak Azadeh Navid".split(), "Ahmadi Hosseini Mohammadi Karimi Rahimi Tehrani Rezaei Moradi Jafari Shirazi Ebrahimi Farahani Kazemi Ghorbani Sadeghi Nazari Esfahani".split()),
    "ru": ("Ivan Dmitri Sergei Alexei Mikhail Vladimir Olga Natalia Svetlana Irina Tatiana Ekaterina Anastasia Yuri Boris Oleg Igor Nikolai Pavel Galina Lyudmila Oksana Taras Bohdan Yulia Vasyl Andriy".split(), "Ivanov Petrov Smirnova Kuznetsov Popova Sokolov Lebedev Kozlova Novikov Morozova Volkov Alekseev Lebedeva Semyonov Pavlova Golubev Vinogradov Bogdanov Shevchenko Kovalenko Bondarenko Tkachenko Melnyk Zelenko Lysenko Orlova Fedorov".split()),
    "in": ("Aarav Vivaan Priya Ananya Rahul Sanjay Deepa Lakshmi Suresh Ramesh Kavita Pooja Arjun Rohan Neha Meera Vijay Anil Sunita Geeta Harpreet Gurpreet Manpreet Venkatesh Karthik Shreya Divya Nikhil Farhan Ayesha Imran Sana Tharindu Nimal Chaminda Sadia Rafiq".split(), "Sharma Patel Singh Kumar Gupta Reddy Iyer Nair Rao Menon Mehta Joshi Desai Chopra Kapoor Banerjee Mukherjee Chatterjee Das Ghosh Pillai Bhat Verma Mishra Pandey Yadav Khan Ansari Qureshi Hussain Perera Fernando Silva Rahman Chowdhury Ahmed Subramanian Krishnan".split()),
    "vi": ("Minh Anh Linh Hoa Lan Huong Thanh Tuan Hung Dung Phuong Trang Mai Quang Duc Hai Nam Long Thao Ngoc Khanh Bao".split(), "Nguyen Tran Le Pham Hoang Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dinh Truong Lam Nguyễn Trần Phạm".split()),
    "ph": ("Jose Maria Juan Angelica Mark Jericho Kristine Rowena Arnel Danilo Marites Jun-Jun Bong Ligaya Imelda".split(), "Santos Reyes Cruz Bautista Ocampo Garcia Mendoza Dela\u00a0Cruz Villanueva Macaraeg Dimaculangan Pangilinan Magsaysay Tolentino".split()),
    "eth": ("Abebe Tigist Dawit Selam Bekele Hirut Yonas Almaz Tesfaye Meron Mulugeta Hana Haile Genet Kebede".split(), "Tadesse Haile Tesfaye Gebre Alemu Bekele Worku Girma Desta Mengistu Assefa Wolde Abera".split()),
    "plain": ("John Mary Sarah Mike Tom Anna Bob Lisa Dave Karen Jim Kate Chris Emma Joe Nick Sam Alex Ben Amy Steve Laura Matt Jen Dan Beth Tim Sue Rob Kim Greg Ann Paul Jane Peter Rachel Mark Julie Kevin Emily Brian Megan Scott Heather Jeff Nicole Eric Amanda Ryan Jessica Adam Ashley Jack Olivia Harry Grace Luke Zoe".split(), "Smith Johnson Brown Jones Miller Davis Wilson Moore Taylor Thomas White Harris Martin Clark Lewis Young King Wright Hill Green Baker Nelson Carter Mitchell Turner Parker Evans Edwards Collins Cook Morgan Bell Murphy Bailey Cooper Reed Kelly Ward Cox Gray Watson Brooks Price Bennett Wood Barnes Ross Long Fisher Day Rose May Stone West Rice Fox Hunt Bush Page Banks Drummond".split()),
}
# Given and family names that are also words: they must be learned from their surroundings.
WORD_NAMES = "Will Mark Grace Hope Faith Joy Rose Lily Daisy Ivy Violet Summer Autumn April May June August Chase Drew Bill Rich Frank Grant Art Pat Rob Jack Dean Dale Glen Cliff Brook Sandy Ruby Pearl Amber Crystal Jade Destiny Harmony Melody Carol Angel Hunter Mason Miller Baker Cook Page Stone Wood Long Short Young Little Sharp Strong Bright Black White Brown Green Gray King Price Bush Rice Bean Fox Wolf Bird Fish Day Knight Noble Pope Bishop Sterling Christian Chance Major Sergeant Guy Rusty Buddy Charity Mercy Sky River Robin Jay Paris Austin Jackson Jordan Chelsea Georgia Virginia Florence Sydney Brooklyn Madison Dakota Israel".split()
PLACES = "London Paris Berlin Madrid Rome Vienna Dublin Lisbon Warsaw Prague Athens Oslo Stockholm Helsinki Copenhagen Zurich Geneva Basel Bern Munich Hamburg Frankfurt Cologne Leipzig Stuttgart Amsterdam Rotterdam Utrecht Brussels Antwerp Ghent Lyon Marseille Nice Bordeaux Toulouse Barcelona Seville Valencia Milan Naples Turin Florence Venice Moscow Kyiv Kharkiv Odesa Minsk Istanbul Ankara Cairo Lagos Abuja Nairobi Mombasa Kampala Accra Kumasi Johannesburg Durban Pretoria Casablanca Rabat Tunis Algiers Tripoli Khartoum Baghdad Basra Mosul Fallujah Tehran Isfahan Kabul Kandahar Karachi Lahore Islamabad Peshawar Delhi Mumbai Bangalore Chennai Hyderabad Kolkata Pune Jaipur Dhaka Chittagong Colombo Kathmandu Bangkok Hanoi Saigon Manila Cebu Jakarta Surabaya Singapore Tokyo Osaka Kyoto Nagoya Seoul Busan Beijing Shanghai Shenzhen Guangzhou Wuhan Chengdu Taipei Sydney Melbourne Brisbane Perth Adelaide Auckland Wellington Toronto Montreal Vancouver Calgary Ottawa Edmonton Winnipeg Houston Dallas Austin Chicago Boston Denver Seattle Portland Phoenix Tucson Atlanta Miami Tampa Orlando Nashville Memphis Detroit Cleveland Pittsburgh Philadelphia Baltimore Richmond Charlotte Raleigh Sacramento Oakland Omaha Tulsa Wichita Boise Fargo Duluth Albany Buffalo Rochester Syracuse Hartford Providence Manchester Liverpool Leeds Sheffield Bristol Cardiff Glasgow Edinburgh Aberdeen Belfast Cork Galway Limerick Havana Kingston Lima Quito Bogota Caracas Santiago Montevideo Recife Salvador Germany France Spain Italy Portugal Poland Ukraine Russia Turkey Greece Egypt Kenya Nigeria Ghana Ethiopia Uganda India Pakistan Bangladesh China Japan Korea Vietnam Thailand Malaysia Indonesia Australia Canada Mexico Brazil Argentina Chile Peru Colombia Venezuela Cuba Iran Iraq Syria Lebanon Jordan Israel Yemen Afghanistan Nepal Texas California Florida Ohio Michigan Georgia Oregon Nevada Utah Arizona Kansas Iowa Maine Vermont Virginia Montana Idaho Alabama Louisiana Kentucky Tennessee Ontario Quebec Alberta Bavaria Saxony Tuscany Catalonia Scotland Wales England Ireland Yorkshire Cornwall Kent Europe Asia Africa America".split() + [
    "New York", "Los Angeles", "San Francisco", "San Diego", "San Antonio", "San Jose", "New Orleans", "New Jersey", "New Mexico", "North Carolina", "South Dakota", "West Virginia", "St. Louis", "Salt Lake City", "Las Vegas", "Kansas City", "Hong Kong", "New Delhi", "Tel Aviv", "Abu Dhabi", "Kuala Lumpur", "Ho Chi Minh City", "Phnom Penh", "Buenos Aires", "Rio de Janeiro", "Sao Paulo", "Mexico City", "Cape Town", "Addis Ababa", "Dar es Salaam", "Saudi Arabia", "South Africa", "South Korea", "North Korea", "Sri Lanka", "New Zealand", "Costa Rica", "Puerto Rico", "United States", "United Kingdom", "the Netherlands", "Czech Republic", "Hong Kong Island", "Middle East", "West Bank", "Gaza Strip", "Silicon Valley", "Lake Michigan", "Hudson River", "Rocky Mountains", "Black Sea", "U.S.", "USA", "UK", "U.K.", "UAE", "NYC", "L.A.", "D.C.", "Washington DC", "EU", "TX", "CA", "NY", "Bay Area", "Long Island", "Staten Island", "Times Square", "Hyde Park", "Central Park", "Mount Everest", "Lake Tahoe",
]
STREET_WORDS = "Street St. Avenue Ave. Road Rd. Lane Drive Boulevard Blvd Way Court Place Square Terrace Crescent Highway Parkway".split()
PLACE_NOUNS = "Airport Station Park Bridge River Lake Valley Island Beach Hills Heights Harbor Bay County Mountain Forest Square Plaza Mall Pier Castle".split()
ORG_STEMS = "Northwind Bluewave Redstone Ironbridge Silverline Greenfield Clearwater Summit Apex Vertex Zenith Orion Helios Nova Pinnacle Keystone Cornerstone Evergreen Pacific Atlantic Midland Lakeshore Riverside Crestview Fairview Brightway Truepath Everest Titan Atlas Vanguard Beacon Harbor Meridian Sterling Granite Falcon Phoenix Quantum Nexus Synapse Cobalt Crimson Amber Juniper Maple Cedar Willow Oakmont Alpine Coastal Heritage Liberty Patriot Union National First Citizens Global Allied Integrated Advanced Premier Elite Dynamic Prime Trident Hyperion Lumen Solara Aquila Kestrel Tundra Mosaic Prism Axion Zephyr Corvex Medisol Finora Datarix Cloudspan Softbyte Logitrade Agrovita Petrolux Biogenix Textura Autoline".split()
ORG_KINDS = "Inc. Inc Corp. Corp Corporation LLC Ltd. Ltd Limited PLC GmbH AG S.A. B.V. Co. & Co. Group Holdings Partners Associates Bank Insurance Capital Financial Systems Technologies Solutions Software Labs Industries Logistics Energy Pharma Pharmaceuticals Foods Motors Airlines Airways Media Records Studios Consulting Services International Ventures Realty Construction Foundation Institute Trust Society Council".split()
ORG_PUBLIC = ["Ministry of {x}", "Department of {x}", "{p} City Council", "University of {p}", "{p} University", "{p} General Hospital", "St. {f}'s Hospital", "{p} Police Department", "{p} High School", "{p} School District", "{l} Memorial Hospital", "{l} Elementary School", "Bank of {p}", "{p} Chamber of Commerce", "{p} Medical Center", "{p} United", "{p} FC", "{p} Tigers", "{p} Times", "{p} Herald", "{p} Fire Department", "{p} Public Library", "{p} Supreme Court", "{p} District Court", "{l} Foundation", "{l} Clinic", "{l} Institute", "{l} & {l2}", "{l}, {l2} & Co.", "{l} {l2} LLP", "{l} & Sons", "{f}'s Pizza", "{l}'s", "{f}'s Auto Repair", "Cafe {f}", "{p} Grill", "Royal {p} Society", "{p} Workers Union", "{p} Credit Union", "Church of {f}"]
ORG_FIELDS = "Health Defense Finance Education Justice Labor Agriculture Transportation Energy Commerce Foreign\u00a0Affairs Public\u00a0Works Veterans\u00a0Affairs Homeland\u00a0Security Internal\u00a0Affairs Human\u00a0Services".split(" ")
ORG_KNOWN = "Microsoft Google Apple Amazon Facebook Twitter Yahoo IBM Intel Oracle SAP Cisco Dell HP Sony Samsung Toyota Honda Ford BMW Volkswagen Siemens Bosch Nokia Ericsson Philips Shell BP Exxon Chevron Walmart Target Costco Starbucks McDonalds Pepsi Nike Adidas Visa Mastercard PayPal eBay Netflix Disney CNN BBC NBC ABC CBS Reuters NASA FBI CIA NSA UN UNESCO NATO WHO IMF EU OPEC NFL NBA FIFA Congress Senate Pentagon Enron Verizon Comcast AT&T T-Mobile Vodafone Lufthansa Boeing Airbus Pfizer Merck Novartis Roche Bayer GlaxoSmithKline Deloitte KPMG PwC Accenture Citibank HSBC Barclays JPMorgan Chase UBS Allianz Aetna FedEx UPS DHL Uber Lyft Airbnb Tesla SpaceX Adobe Salesforce Slack Zoom GitHub Mozilla Wikipedia Hamas Hezbollah Taliban Greenpeace UNICEF Harvard Stanford MIT Yale Oxford Cambridge".split() + ["Red Cross", "United Nations", "European Union", "World Bank", "White House", "Supreme Court", "Home Depot", "Best Buy", "Burger King", "General Motors", "Wells Fargo", "Bank of America", "Goldman Sachs", "Deutsche Bank", "Associated Press", "New York Times", "Washington Post", "Wall Street Journal", "Al Qaeda", "Democratic Party", "Labour Party", "Manchester United", "Real Madrid", "Johnson & Johnson", "Procter & Gamble", "Kaiser Permanente", "Mayo Clinic", "Salvation Army", "Amnesty International"]


def _latin(names) -> list[str]:
    names = names if isinstance(names, (list, tuple, dict)) else []
    return sorted({n for n in names if isinstance(n, str) and n and n[0].isalpha() and n != "Doe" and all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in n)})


def _providers(package):
    for module in pkgutil.iter_modules(package.__path__):
        yield module.name, importlib.import_module(f"{package.__name__}.{module.name}").Provider


class Pools:
    """Draws names; every draw uses the generator given, so that a seed fixes a text."""

    def __init__(self) -> None:
        self.origins: list[tuple[list[str], list[str]]] = list(OWN_ORIGINS.values())
        for _, p in _providers(faker_person):
            first = sorted({n for k in ("first_names", "first_names_female", "first_names_male") for n in _latin(getattr(p, k, []))})
            last = _latin(getattr(p, "last_names", []))
            if len(first) > 30 and len(last) > 15:
                self.origins.append((first, last))
        cities: set[str] = set()
        for name, p in _providers(faker_address):
            found = [c for k in ("cities", "city_names") for c in _latin(getattr(p, k, [])) if len(c) > 3]
            cities.update(found if len(found) < 600 else random.Random(name).sample(found, 400))
        self.cities = sorted(cities)
        states: set[str] = set()
        for name, p in _providers(faker_address):
            if name.startswith("en") or name.startswith("es"):
                states.update(_latin(getattr(p, "states", [])))
                if name == "en":
                    states.update(c for c in _latin(p.countries) if "(" not in c)
        self.regions = sorted(states)

    def origin(self, rng: random.Random) -> tuple[list[str], list[str]]:
        return self.origins[10] if rng.random() < 0.25 else rng.choice(self.origins)

    def given(self, rng: random.Random) -> str:
        return rng.choice(WORD_NAMES) if rng.random() < 0.06 else rng.choice(self.origin(rng)[0])

    def family(self, rng: random.Random) -> str:
        return rng.choice(self.origin(rng)[1])

    def full(self, rng: random.Random) -> tuple[str, str]:
        first, last = self.origin(rng)
        given = rng.choice(WORD_NAMES) if rng.random() < 0.04 else rng.choice(first)
        if rng.random() < 0.04:
            given = f"{given}-{rng.choice(first)}"
        family = rng.choice(last)
        if rng.random() < 0.05:
            family = f"{family}{rng.choice(['-', ' '])}{rng.choice(last)}"
        return given, family

    def place(self, rng: random.Random) -> str:
        r = rng.random()
        if r < 0.45:
            return rng.choice(PLACES)
        if r < 0.68:
            return rng.choice(self.cities)
        if r < 0.78:
            return rng.choice(self.regions)
        if r < 0.88:
            return f"{rng.choice(PLACES + self.cities) if rng.random() < 0.5 else self.family(rng)} {rng.choice(PLACE_NOUNS)}"
        if r < 0.95:
            return f"{self.family(rng) if rng.random() < 0.5 else rng.choice('Main Oak Elm Maple Park Church High Station King Mill Washington Lincoln'.split())} {rng.choice(STREET_WORDS)}"
        return f"{rng.choice('North South East West Upper Lower Old Mount Lake Fort Port San Santa Saint'.split())} {rng.choice(self.cities)}"

    def organization(self, rng: random.Random) -> str:
        r = rng.random()
        if r < 0.3:
            return rng.choice(ORG_KNOWN)
        if r < 0.45:
            return f"{rng.choice(ORG_STEMS)} {rng.choice(ORG_KINDS)}"
        if r < 0.55:
            return f"{self.family(rng)} {rng.choice(ORG_KINDS)}"
        if r < 0.62:
            return f"{rng.choice(ORG_STEMS)} {rng.choice(ORG_STEMS)} {rng.choice(ORG_KINDS)}"
        if r < 0.68:
            return rng.choice(ORG_STEMS) + rng.choice(["", "", "soft", "tech", "net", ".com", "ly", "Works"])
        if r < 0.74:
            return "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(rng.choice([2, 3, 3, 3, 4, 4])))
        form = rng.choice(ORG_PUBLIC)
        return form.format(x=rng.choice(ORG_FIELDS), p=rng.choice(PLACES[:170] + self.cities), l=self.family(rng), l2=self.family(rng), f=self.given(rng)).replace("\u00a0", " ")
