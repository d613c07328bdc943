const list = (text: string): readonly string[] => text.trim().split(/\s+/u);

/** Given names in Latin script, from many places. */
export const GIVEN_NAMES = list(`
Aaron Abigail Adaeze Adrian Aditi Agnieszka Ahmed Aiko Ainhoa Aisha Akira Alejandro Alesha Amara Amelia Amir
Ananya Anders Andrea Aneta Anh Anika Anjali Anouk Antonio Arash Arjun Astrid Ayesha Azra Bao Beatriz Benjamin
Bilal Birgit Bjørn Bogdan Bronwyn Camila Carlos Caroline Cátia Cedric Chiara Chidi Chinedu Chloé Claire Dagmar
Daisuke Daniel Darya Deepak Derya Diego Dmitri Dolores Dragan Edith Eduardo Efua Eilidh Ekaterina Elena Elif
Emeka Emily Emre Enrique Erik Esperanza Esther Ewa Fadi Fatima Fatou Fernanda Fiona Florian Folasade Francesca
Freya Gabriela Gareth George Giulia Gloria Goran Gulnara Gustavo Hana Hannah Haruto Hassan Heather Hector
Helena Henrik Hiroshi Hugo Ian Ibrahim Ifeoma Ignacio Ikram Imani Ines Ingrid Irina Isabel Ivan Jacek Jasmine
Javier Jelena Jorge Joshua Juana Julian Kamala Karim Katarzyna Kavita Kenji Khadija Kofi Krystyna Kwame Laila
Lars Laszlo Leila Lena Liam Ling Lorenzo Lucia Ludmila Maarten Magdalena Mahmoud Malik Manuel Margaret Mariana
Mateusz Mei Mercy Miguel Milan Mina Mohammed Monika Murat Nadia Naomi Neha Ngozi Niamh Nikolai Nilufar Noor
Nuno Oksana Olamide Olga Oluwaseun Omar Oscar Osman Padma Paola Parisa Patrick Pavel Pedro Piotr Priya Quentin
Rachel Radka Rafael Rahul Raquel Ravi Renata Rhiannon Roberto Rosa Ruben Ruth Sadia Saïd Samira Sandra Sanjay
Sara Selim Seo-yeon Sergei Shirin Sibusiso Signe Simone Siobhán Sofia Søren Stefan Sunita Svetlana Tadeusz Takumi
Tamara Tariq Teresa Thabo Thandiwe Themba Thomas Tomasz Trinh Uchenna Ulrike Umar Usha Valentina Vera Victor
Vikram Viktória Wanjiru Wei Wojciech Xiaoming Yara Yasmin Yetunde Yuki Yusuf Zahra Zanele Zeynep Zofia Zsófia
`);

/** Family names in Latin script, from many places. */
export const FAMILY_NAMES = list(`
Abara Abdullah Acheampong Adeyemi Agarwal Ahmadi Aldana Almeida Alvarez Andersson Aoki Aquino Arslan Asante
Baker Bakshi Balogun Banerjee Barros Bauer Becker Bello Bergström Bianchi Boateng Bondarenko Brennan Brooks
Cabrera Campbell Cardoso Carvalho Castillo Celik Chakraborty Chan Chaudhry Chen Chikwanha Cho Çelik Costa
Cruz Dąbrowski Daniels Delacroix Demir Desai Diallo Dlamini Dogan Dubois Duarte Edwards Egwu Eklund Eriksen
Esposito Evans Fadel Farah Fernandes Ferrari Fischer Fitzgerald Fofana Fraser Fujimoto Gallagher García Ghosh
Gonzalez Gordon Grabowski Greenberg Guerrero Gupta Gutiérrez Haddad Halvorsen Hansen Haruna Hassan Hernandez
Hoang Hoffmann Horváth Hughes Hussain Ibáñez Ismail Ito Ivanova Iyer Jackson Jankowski Jansen Jimenez Johansson
Jovanović Kamara Kaminski Kapoor Karlsson Kaur Keller Khalil Khan Kim Kipchoge Kobayashi Kone Kovács Kowalczyk
Krishnan Kuznetsov Lambert Larsen Le Leclerc Lee Lehmann Lindqvist Liu Lopez Lozano MacDonald Mahlangu Malhotra
Mancini Markovic Martinez Mbeki Mehta Mendoza Menon Mensah Meyer Mitchell Mokoena Moreau Morales Mueller Murphy
Mwangi Nakamura Nasser Ndiaye Nguyen Novak Nowak O'Brien O'Sullivan Obi Ochoa Oduya Ogawa Okafor Okonkwo Olsen
Onyango Ortiz Osei Owusu Özdemir Pacheco Park Patel Pereira Petrov Pham Pinto Popescu Quispe Rahman Ramirez
Rashid Reddy Reid Reyes Ribeiro Richter Rivera Romano Rossi Roussel Sahin Saito Salazar Santos Sato Schneider
Schröder Sesay Shah Sharma Shevchenko Silva Singh Smirnov Sokolov Soto Sousa Stewart Suzuki Svensson Takahashi
Tan Tanaka Taylor Tembo Torres Toure Tran Turner Udo Ueda Ümit Vargas Vasquez Vega Verma Vogel Volkov Walker
Wallace Wang Watanabe Weber Williams Wiśniewski Wong Wright Yamamoto Yeboah Yıldız Yilmaz Young Zapata Zhang
Zhao Zhou Zielinski Zulu
`);

/** Whole names in other scripts, and names whose parts do not follow given-family order. */
// prettier-ignore
export const OTHER_NAMES: readonly string[] = [
  '李伟', '王芳', '张敏', '陳美玲', '刘洋', '佐藤健', '鈴木花子', '高橋直樹', '田中裕子', '渡辺翔',
  '김민수', '이서연', '박지훈', '최은지', '정우성', '강하늘', 'محمد حسن', 'فاطمة الزهراء', 'يوسف خليل', 'ليلى منصور',
  'Олена Шевченко', 'Иван Петров', 'Мария Кузнецова', 'Дмитро Бондар', 'Γιώργος Παπαδόπουλος', 'Ελένη Νικολάου',
  'प्रिया शर्मा', 'राहुल वर्मा', 'अनिता देसाई', 'ישראל כהן', 'שרה לוי', 'Nguyễn Thị Lan', 'Trần Văn Hùng',
  'Phạm Minh Đức', 'Lê Hoàng Anh', 'Björk Guðmundsdóttir', 'Sigurður Jónsson', 'Ngũgĩ wa Kamau', 'Abu Bakar bin Salleh',
  'Siti binti Rahmat', 'Luiz da Silva e Souza', 'María José de la Cruz', 'Jan van der Berg', 'Anneke de Vries',
  'Ludwig von Stein', 'Tāne Mahuta Rangi', 'Aroha Te Whare', 'Kekoa Kealoha',
];

/** Street names; a house number and a kind of street complete them. */
export const STREETS = list(`
Alder Amberley Ash Aspen Badger Barley Beacon Birch Blackthorn Bramble Briar Brook Canal Castle Cedar Chapel
Cherry Chestnut Clover Copper Coral Cypress Dale Dove Elder Elm Falcon Fern Field Finch Forge Foxglove Garden
Glebe Granary Hawthorn Hazel Heath Heron Highfield Hollow Holly Ivy Juniper Kestrel Kingfisher Lantern Larch
Lark Laurel Lavender Lilac Linden Lodge Magnolia Maple Marsh Meadow Mill Moor Mulberry Oak Orchard Osprey Otter
Park Pebble Pine Plover Poplar Priory Quarry Raven Reed Ridge River Robin Rowan Saddler Sage Sedge Shore Sorrel
Spring Station Stone Sycamore Tanner Thistle Vine Walnut Weaver Willow Windmill Wren Yarrow
`);

export const STREET_KINDS = ['Street', 'Road', 'Avenue', 'Lane', 'Drive', 'Court'] as const;

/** Towns, most of them invented. */
export const CITIES = list(`
Ashbourne Baytown Brackford Bridgeton Calderby Carrowmore Clearwater Corbridge Dalton Eastmere Elmsford Fairhaven
Fallbrook Glenrock Greenvale Harlow Hartwell Hillsboro Kirkdale Lakewood Langford Larkhill Linwood Maplewood
Marlow Milton Newbury Northfield Oakdale Overton Penrose Redhill Ridgeway Riverton Rosewood Salford Seaford
Shelby Stanmore Stonebridge Summerfield Thornbury Valleyfield Wakefield Westbrook Weston Whitby Winfield Woodstock
Yarmouth
`);
