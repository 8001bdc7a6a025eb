"""What services are about: things to own, inspect and certify, by category, and some that fit anywhere."""

from __future__ import annotations

THINGS_OF: dict[str, tuple[str, ...]] = {
    "administrasi-kependudukan": (
        "rumah kontrakan", "rumah susun", "asrama pelajar", "rumah dinas", "perumahan baru",
        "dusun terpencil", "panti asuhan", "kampung nelayan",
    ),
    "kendaraan": (
        "mobil bak", "becak motor", "kapal penyeberangan", "bus sekolah", "angkutan desa", "garasi",
        "bengkel", "alat uji emisi", "sepeda motor", "truk kayu",
    ),
    "kepolisian": (
        "panggung hiburan", "lapangan upacara", "pos jaga", "tenda hajatan", "gedung pertemuan",
        "jalur pawai", "area parkir", "pasar malam",
    ),
    "keimigrasian": (
        "mes pekerja", "kapal niaga", "asrama mahasiswa asing", "kantor penjamin", "penginapan tamu",
        "pos lintas batas", "vila sewa",
    ),
    "perpajakan": (
        "papan reklame", "sarang walet", "hotel melati", "rumah makan", "lahan parkir", "sumur bor",
        "tambang pasir", "kios pasar", "gedung bioskop",
    ),
    "pertanahan": (
        "bidang sawah", "kebun kelapa", "tanah wakaf", "pekarangan", "patok batas", "ruko",
        "tanah kas desa", "sempadan sungai", "tanah ulayat",
    ),
    "jaminan-sosial": (
        "alat bantu dengar", "kaki palsu", "kacamata", "kursi roda", "perawatan di rumah",
        "perahu nelayan", "lahan petani", "bengkel kerja",
    ),
    "kesehatan": (
        "depot air", "dapur katering", "kolam renang", "kantin", "ruang perawatan", "lemari obat",
        "tempat limbah medis", "rumah potong unggas",
    ),
    "sosial": (
        "rumah panggung", "dapur umum", "panti jompo", "kursi roda", "bibit sayur", "tenda darurat",
        "sumur warga", "balai lansia",
    ),
    "ketenagakerjaan": (
        "bengkel las", "ruang jahit", "mesin bubut", "asrama magang", "alat pelindung", "balai latihan",
        "pabrik kecil", "gudang barang",
    ),
    "perizinan-usaha": (
        "kandang ayam", "tambak udang", "mesin giling", "gudang beku", "warung makan", "rumah kos",
        "toko kelontong", "tungku bata", "kolam terpal", "lumbung padi", "pompa bensin", "dermaga kayu",
    ),
    "perizinan-tenaga-kesehatan": (
        "ruang praktik", "lemari pendingin", "alat periksa", "meja tindakan", "klinik", "apotek",
        "tempat tidur pasien", "papan nama",
    ),
    "pendidikan-penelitian": (
        "ruang kelas", "alat peraga", "taman bacaan", "sanggar tari", "laboratorium", "situs purbakala",
        "perpustakaan", "lapangan olahraga",
    ),
    "keagamaan": (
        "rumah ibadah", "tanah wakaf", "asrama pesantren", "aula", "tempat wudu", "balai nikah",
        "ruang manasik", "perpustakaan masjid",
    ),
    "peradilan-hukum": (
        "ruko sengketa", "arsip putusan", "kantor firma", "barang titipan", "rumah warisan",
        "kendaraan sitaan", "ruang mediasi", "pos bantuan hukum",
    ),
    "keuangan": (
        "kios pasar", "perahu nelayan", "kebun cengkeh", "ternak sapi", "rumah tinggal", "mesin jahit",
        "warung kopi", "lahan jagung", "kebun kakao",
    ),
    "utilitas": (
        "pipa dinas", "meter air", "gardu listrik", "lampu jalan", "saluran limbah", "menara air",
        "sumur bor", "panel surya", "genset", "kabel tanam",
    ),
    "pengaduan": (
        "jembatan gantung", "saluran irigasi", "tempat pembuangan", "trotoar", "pohon tepi jalan",
        "bantaran sungai", "pasar rakyat", "halte",
    ),
}  # fmt: skip
ANYWHERE = (
    "rumah panggung", "perahu katinting", "bagan apung", "keramba jaring", "sumur resapan", "kandang sapi",
    "kandang kambing", "kios pulsa", "pagar tembok", "talut", "gedung serbaguna", "asrama putri",
    "alat timbang", "gerobak dorong", "kapal ikan", "bibit jati", "bibit mangrove", "pupuk kompos",
    "benih jagung", "kopra", "rotan", "madu hutan", "rumput laut", "teripang", "garam rakyat", "gula aren",
    "tenun ikat", "batik tulis", "anyaman pandan", "ukiran kayu", "kerajinan perak", "gerabah", "kue kering",
    "kerupuk ikan", "air kemasan", "jamu gendong", "sabun cuci", "kursi lipat", "peta bidang", "arsip lama",
)  # fmt: skip
