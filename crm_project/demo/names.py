"""Invented people and companies of the demo."""

# fmt: off
FIRST_NAMES = (
    "María", "José", "Juan", "Guadalupe", "Luis", "Ana", "Carlos", "Fernanda", "Miguel",
    "Sofía", "Jorge", "Valeria", "Ricardo", "Daniela", "Alejandro", "Gabriela", "Eduardo",
    "Paola", "Roberto", "Lucía", "Héctor", "Andrea", "Óscar", "Ximena", "Raúl", "Natalia",
    "Iván", "Beatriz", "Sergio", "Mónica", "Arturo", "Renata", "Rubén", "Regina", "Ángel",
    "Camila",
)
LAST_NAMES = (
    "Hernández", "García", "Martínez", "López", "González", "Pérez", "Rodríguez", "Sánchez",
    "Ramírez", "Cruz", "Flores", "Gómez", "Morales", "Vázquez", "Reyes", "Jiménez", "Torres",
    "Díaz", "Gutiérrez", "Ruiz", "Mendoza", "Aguilar", "Ortiz", "Moreno", "Castillo", "Romero",
    "Álvarez", "Méndez", "Chávez", "Rivera", "Juárez", "Núñez", "Ibáñez", "Muñoz", "Peña",
)
TRADES = (
    "Zapaterías|clothing", "Textiles|clothing", "Moda|clothing", "Electrónica|electronics",
    "Celulares|electronics", "Cómputo|electronics", "Cosméticos|cosmetics", "Belleza|cosmetics",
    "Perfumería|cosmetics", "Dulcería|food", "Café|food", "Alimentos|food", "Librería|books",
    "Papelería|books", "Muebles|home", "Decoración|home", "Cerámica|home", "Juguetes|toys",
    "Refacciones|autoparts", "Llantas|autoparts", "Farmacia|pharmacy", "Naturista|pharmacy",
    "Bicicletas|other", "Mascotas|other",
)
PROPER_NAMES = (
    "del Norte", "de Occidente", "del Bajío", "Azteca", "La Estrella", "San Miguel",
    "El Águila", "Monterrey", "Tapatía", "Los Ángeles", "del Sureste", "Colibrí", "Quetzal",
    "Obsidiana", "Jacaranda", "La Esperanza", "El Faro", "Nopal", "Cempasúchil", "Mayab",
    "Huasteca", "Del Valle", "Primavera", "Anáhuac",
)
# fmt: on
LEGAL_FORMS = ("SA de CV", "S de RL de CV", "", "", "SAPI de CV")
PLACES = (
    "Oficina central",
    "Bodega norte",
    "Bodega sur",
    "Sucursal Centro",
    "Tienda del aeropuerto",
)

NOTES = {
    "call": (
        "Hablé con compras, piden propuesta por volumen.",
        "No contestó, dejé mensaje de voz.",
        "Quiere comparar tarifas con su paquetería actual.",
        "Confirmó que envían entre lunes y viernes desde bodega.",
    ),
    "whatsapp": (
        "Envié el tarifario, lo revisa con su socio.",
        "Pregunta por recolección el mismo día.",
        "Pide integración con su tienda.",
    ),
    "email": (
        "Mandé la presentación y dos casos de éxito.",
        "Respondió que lo ve el siguiente mes.",
        "Envié propuesta con descuento por prepago.",
    ),
    "meeting": (
        "Videollamada con el director de operaciones, muy interesados.",
        "Visita a su bodega: 300 paquetes diarios en temporada alta.",
    ),
    "sms": ("Recordatorio de la llamada de mañana.",),
    "other": ("Lo encontré en la expo, intercambiamos tarjetas.",),
}
POSITIONS = ("Compras", "Dirección", "Logística", "Administración", "Ventas", "Almacén")
