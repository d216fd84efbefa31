"""Invented Spanish names for a great many cards."""

from __future__ import annotations

# The searches that are measured. No other name below contains the first two.
COMMON_SEARCH = "grupo"  # 6 % of the cards
RARE_SEARCH = "xochipilli"  # three cards
SHORT_SEARCH = "mo"  # starts a word: Morales, Moreno, Moda, Monterrey, Mónica

# fmt: off
FIRST_NAMES = (
    "Alejandra", "Alfredo", "Amelia", "Antonio", "Aurora", "Benito", "Blanca", "Bruno", "Carmen",
    "César", "Claudia", "Cristina", "Damián", "Diana", "Diego", "Elena", "Emilio", "Ernesto",
    "Esteban", "Eva", "Fabián", "Felipe", "Francisco", "Gerardo", "Gloria", "Graciela", "Hugo",
    "Ignacio", "Inés", "Irene", "Isabel", "Ismael", "Javier", "Jimena", "Joaquín", "Julia",
    "Karla", "Laura", "Leonardo", "Leticia", "Lorena", "Manuel", "Marcela", "Marco", "Mariana",
    "Martín", "Mateo", "Mónica", "Nadia", "Norma", "Octavio", "Patricia", "Pedro", "Ramón",
    "Rebeca", "Rocío", "Rodrigo", "Rosa", "Salvador", "Samuel", "Silvia", "Teresa", "Tomás",
    "Verónica", "Vicente", "Víctor", "Yolanda", "Zoe",
)
LAST_NAMES = (
    "Acosta", "Aguirre", "Alvarado", "Avila", "Barrera", "Bautista", "Beltrán", "Cabrera",
    "Calderón", "Campos", "Cárdenas", "Cervantes", "Contreras", "Cordero", "Cortés", "Delgado",
    "Domínguez", "Escobar", "Espinoza", "Estrada", "Figueroa", "Fuentes", "Galindo", "Guerrero",
    "Herrera", "Ibarra", "Lara", "Lozano", "Luna", "Maldonado", "Marín", "Medina", "Mejía",
    "Molina", "Montes", "Morales", "Moreno", "Navarro", "Ochoa", "Orozco", "Ortega", "Pacheco",
    "Padilla", "Palacios", "Peralta", "Ponce", "Quintana", "Ramos", "Ríos", "Robles", "Rojas",
    "Rosales", "Salas", "Salazar", "Sandoval", "Santiago", "Serrano", "Silva", "Solís", "Soto",
    "Suárez", "Tapia", "Trejo", "Valdez", "Valencia", "Vargas", "Vega", "Velasco", "Villegas",
    "Zamora", "Zavala", "Zúñiga",
)
TRADES = (
    "Abarrotes", "Aceros", "Artesanías", "Autopartes", "Bazar", "Boutique", "Calzado", "Carnes",
    "Comercializadora", "Cosméticos", "Deportes", "Distribuidora", "Empaques", "Equipos",
    "Farmacias", "Ferretería", "Herramientas", "Importadora", "Joyería", "Juguetería", "Lácteos",
    "Librería", "Maderas", "Maquinaria", "Mercería", "Moda", "Mueblería", "Óptica", "Papelería",
    "Perfumes", "Pinturas", "Plásticos", "Refacciones", "Repostería", "Ropa", "Suministros",
    "Tecnología", "Textiles", "Vinos", "Zapatería",
)
PROPER_NAMES = (
    "Acapulco", "del Bajío", "del Centro", "Chapala", "Chihuahua", "Coatepec", "Cuernavaca",
    "Durango", "El Cedro", "El Molino", "El Puente", "Guanajuato", "Hidalgo", "Iztaccíhuatl",
    "Jalisco", "La Ceiba", "La Paloma", "Laguna Verde", "Las Flores", "León", "Los Pinos",
    "Mazatlán", "Mérida", "Mexicali", "Michoacán", "Monterrey", "Morelia", "del Norte", "Oaxaca",
    "del Pacífico", "Papantla", "Puebla", "Querétaro", "San Jorge", "San Luis", "Santa Fe",
    "Sonora", "del Sur", "Tampico", "Tepeyac", "Tijuana", "Toluca", "Veracruz", "Yucatán",
    "Zacatecas",
)
LEGAL_FORMS = ("SA de CV", "S de RL de CV", "SAPI de CV", "", "", "")
MAIL_WORDS = (
    "almacen", "bodega", "compras", "contacto", "correo", "direccion", "envios", "facturas",
    "gerencia", "hola", "info", "logistica", "mayoreo", "menudeo", "oficina", "pedidos",
    "taller", "tienda", "trafico", "ventas",
)
NOTES = (
    "Pidieron tarifas por volumen y tiempos de entrega.",
    "Sin respuesta, volver a llamar por la tarde.",
    "Revisan la propuesta con su contador.",
    "Quieren probar con veinte guías antes de firmar.",
    "Ya trabajan con otra paquetería hasta fin de año.",
    "Interesados en recolección diaria en dos bodegas.",
)
# fmt: on
CHANNELS = ("website", "referral", "organic_search", "paid_search", "social", "email", "expo", "")
CAMPAIGNS = (
    *("Primavera", "Verano", "Otoño", "Invierno", "Expo Guadalajara", "Expo Ciudad de México"),
    *("Semana del envío", "Regreso a clases", "Fin de año", "Referidos", "Ferias", "Redes"),
)
