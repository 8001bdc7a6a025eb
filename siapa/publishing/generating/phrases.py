"""Phrases of which documents are made: our own wording, in the manner of service standards.

Placeholders in braces are filled by ``documents``: names of places, rooms, numbers, things.
"""

from __future__ import annotations

#: What applicants bring anywhere; several ways to say the same, so that no word is everywhere.
PAPERS = (
    "Surat pengantar dari kantor lurah atau kepala desa {kecamatan}",
    "Surat kuasa bermeterai bila diwakilkan kepada orang lain",
    "Pernyataan kebenaran isian yang ditandatangani di atas meterai",
    "Keterangan domisili usaha atau rumah di {kecamatan}",
    "Rekomendasi UPT {kecamatan}",
    "Catatan {thing} dari {building}",
    "Fotokopi KTP elektronik yang masih berlaku",
    "Fotokopi kartu keluarga sebanyak {few} lembar",
    "Fotokopi bukti lunas PBB tahun {year}",
    "Pasfoto berwarna ukuran {size} sebanyak {few} lembar, latar {colour}",
    "Formulir {code} yang diisi lengkap dengan tinta hitam",
    "Formulir isian {code} dari laman layanan",
    "Denah letak {thing} dengan titik koordinat",
    "Foto {thing} terbaru dari {few} sisi",
    "Kartu keluarga asli untuk dicocokkan",
    "Bukti kepemilikan {thing} atau perjanjian sewa",
    "Rencana anggaran {thing} untuk tahun {year}",
    "Daftar {thing} yang dimiliki, bertanda tangan",
    "Map {colour} untuk menyimpan berkas",
    "NPWP perorangan atau badan",
    "Nomor telepon dan alamat surel yang aktif",
    "Akta pendirian dan perubahannya bagi badan usaha",
    "Izin lama yang asli bila berupa perpanjangan",
    "Hasil uji {thing} dari laboratorium {kecamatan}",
)
#: What an applicant must fulfil, and when.
CONDITIONS = (
    ("Berusia paling rendah {age} tahun atau sudah kawin", None),
    ("Berdomisili di {region} sekurangnya {few} bulan", None),
    ("Tidak mempunyai tunggakan retribusi", "mengurus perpanjangan"),
    ("Lokasi {thing} sesuai rencana tata ruang", "kegiatan berada di {kecamatan}"),
    ("Sudah mengikuti penyuluhan di {building}", None),
    ("Bersedia ditinjau sewaktu-waktu oleh tim teknis", None),
    ("Memiliki akun aplikasi layanan yang telah diverifikasi", "mengajukan secara daring"),
    ("Menyediakan {thing} selama pemeriksaan lapangan", None),
)
#: The same in the words of each category: papers that only such services ask for.
PAPERS_OF: dict[str, tuple[str, ...]] = {
    "administrasi-kependudukan": (
        "Buku nikah atau kutipan akta perkawinan", "Surat keterangan lahir dari bidan atau rumah sakit",
        "Kutipan akta kelahiran", "Surat keterangan pindah dari daerah asal", "Ijazah terakhir",
        "Dua orang saksi dengan kartu identitas", "Kartu keluarga orang tua",
    ),
    "kendaraan": (
        "BPKB dan STNK asli", "Hasil cek fisik kendaraan", "Kuitansi jual beli kendaraan bermeterai",
        "Surat uji tipe kendaraan", "Sertifikat mengemudi", "Surat sehat jasmani dari dokter",
        "Bukti asuransi penumpang",
    ),
    "kepolisian": (
        "Rumus sidik jari", "Proposal kegiatan dengan susunan panitia",
        "Surat izin tempat dari pemilik gedung",
        "Laporan polisi yang terdahulu", "Rekomendasi polsek setempat", "Daftar tamu dan rencana pengamanan",
    ),
    "keimigrasian": (
        "Paspor kebangsaan yang berlaku {few} bulan lagi", "Surat jaminan dari sponsor",
        "Bukti setor PNBP", "Tiket pulang atau terusan", "Akta kelahiran anak berkewarganegaraan ganda",
        "Surat keterangan sekolah bagi pelajar",
    ),
    "perpajakan": (
        "SPPT PBB tahun {year}", "Laporan omzet {few} bulan terakhir", "Bukti setor pajak yang lalu",
        "Surat permohonan keringanan", "Rekaman transaksi kasir", "Nomor objek pajak",
    ),
    "pertanahan": (
        "Sertipikat tanah asli", "Akta jual beli dari PPAT", "Bukti lunas BPHTB",
        "Surat ukur atau gambar situasi", "Surat penguasaan fisik bidang tanah",
        "Tanda tangan pemilik tanah yang berbatasan",
    ),
    "jaminan-sosial": (
        "Kartu peserta", "Buku tabungan atas nama peserta", "Surat keterangan berhenti bekerja",
        "Resume medis dari rumah sakit", "Kuitansi perawatan", "Surat ahli waris dari kelurahan",
    ),
    "kesehatan": (
        "Sertifikat pelatihan higiene", "Hasil pemeriksaan air", "Denah dapur dan ruang layanan",
        "Daftar karyawan dengan hasil pemeriksaan kesehatan", "Surat sehat dari puskesmas",
    ),
    "sosial": (
        "Surat keterangan tidak mampu", "Foto rumah tampak depan dan dalam", "Usulan musyawarah desa",
        "Keterangan terdaftar dalam data terpadu", "Berita acara kejadian dari lurah",
    ),
    "ketenagakerjaan": (
        "Ijazah terakhir yang dilegalisir", "Daftar riwayat hidup", "Sertifikat kompetensi",
        "Struktur organisasi perusahaan", "Daftar upah bulan terakhir", "Surat perjanjian kerja",
    ),
    "perizinan-usaha": (
        "Nomor Induk Berusaha", "Gambar bangunan beserta hitungan struktur", "Persetujuan lingkungan",
        "Persetujuan tetangga sekitar lokasi usaha", "Bukti penguasaan lahan", "Rencana pengelolaan limbah",
    ),
    "perizinan-tenaga-kesehatan": (
        "Surat tanda registrasi yang berlaku", "Rekomendasi organisasi profesi",
        "Surat keterangan bekerja dari fasilitas kesehatan", "Ijazah profesi yang dilegalisir",
        "Surat persetujuan atasan langsung",
    ),
    "pendidikan-penelitian": (
        "Proposal kegiatan yang disahkan", "Daftar pendidik dan ijazahnya", "Kurikulum yang dipakai",
        "Surat pengantar dari kampus", "Rencana induk pengembangan {few} tahun",
    ),
    "keagamaan": (
        "Surat persetujuan calon pengantin", "Ikrar wakaf di hadapan pejabat", "Daftar pengurus dan jemaah",
        "Rekomendasi forum kerukunan", "Surat rekomendasi nikah dari daerah asal",
    ),
    "peradilan-hukum": (
        "Surat gugatan rangkap {few}", "Kutipan putusan yang berkekuatan tetap", "Daftar bukti bermeterai",
        "Silsilah keluarga yang diketahui lurah", "Surat keterangan ahli waris",
    ),
    "keuangan": (
        "Rekening koran {few} bulan terakhir", "Surat keterangan usaha dari lurah",
        "Bukti kepemilikan agunan", "Laporan keuangan sederhana", "Slip gaji bulan terakhir",
    ),
    "utilitas": (
        "Gambar instalasi dalam rumah", "Nomor pelanggan tetangga terdekat", "Persetujuan galian jalan",
        "Sertifikat laik operasi instalasi", "Foto titik pemasangan",
    ),
    "pengaduan": (
        "Uraian kejadian beserta waktu dan tempat", "Bukti pendukung berupa foto atau rekaman",
        "Salinan pengaduan kepada instansi terlapor", "Identitas pelapor, yang dapat dirahasiakan",
    ),
}  # fmt: skip
#: The step that a free service has not.
PAYING = "Bayar retribusi melalui bank atau kode QR"
#: Steps in the order in which they come, and who takes each.
STEPS = (
    ("Pemohon mengambil nomor antrean di {building} lantai {floor}", "applicant"),
    ("Ambil nomor antrean lewat mesin di pintu {gate}", "applicant"),
    ("Unggah dokumen ke aplikasi {region}", "applicant"),
    ("Isi formulir {code} dan tempelkan pasfoto", "applicant"),
    ("Serahkan berkas di loket {gate}", "applicant"),
    ("Petugas loket memeriksa kelengkapan berkas", "officer"),
    ("Aplikasi mencatat nomor register {code}", "system"),
    ("Pemohon menerima tanda terima bernomor {code}", "officer"),
    ("Datang untuk wawancara di ruang {room}", "applicant"),
    ("Verifikasi oleh analis di ruang {room}", "officer"),
    ("Tim teknis meninjau {thing} di {kecamatan}", "officer"),
    ("Rapat pembahasan menetapkan hasil tinjauan", "officer"),
    (PAYING, "applicant"),
    ("Kepala seksi memberi paraf pada konsep", "officer"),
    ("Pejabat berwenang menandatangani secara elektronik", "officer"),
    ("Pencetakan dan pembubuhan stempel di {building}", "officer"),
    ("Sistem mengirim pemberitahuan lewat pesan singkat", "system"),
    ("Ambil hasil di loket {gate} dengan menunjukkan tanda terima", "applicant"),
)
CASES = (
    "permohonan baru", "perpanjangan", "perubahan data", "pengganti yang hilang", "diajukan secara daring",
    "memerlukan peninjauan lapangan", "berkas dari luar {region}",
)  # fmt: skip
COUNTED_FROM = (
    "berkas dinyatakan lengkap", "pembayaran diterima", "tinjauan lapangan selesai",
    "permohonan masuk di aplikasi", "tanda terima diberikan",
)  # fmt: skip
FEE_LABELS = (
    "Retribusi {thing}", "Biaya cetak", "Biaya pemeriksaan {thing}", "Tarif golongan {gate}",
    "Biaya administrasi", "Pengukuran per bidang", "Tarif kelas {floor}", "Biaya laboratorium",
    "Penerimaan negara bukan pajak", "Biaya kunjungan ke {kecamatan}",
)  # fmt: skip
FEE_UNITS = ("per lembar", "per unit", "per tahun", "per meter persegi", "per kendaraan", "per orang")
FEE_NOTES = (
    "Dihitung dari luas dan letak {thing} menurut tabel.",
    "Menurut kelas jalan dan lama pemakaian; rinciannya diberikan sebelum membayar.",
    "Besarnya mengikuti nilai {thing} pada tahun {year}.",
)
PRODUCTS = (
    "Surat keputusan tentang {thing}", "Sertifikat {thing}", "Kartu dengan nomor register",
    "Surat keterangan bernomor", "Lembar persetujuan teknis", "Salinan yang disahkan",
    "Bukti pencatatan", "Tanda daftar {thing}", "Ketetapan", "Berita acara {thing}",
)  # fmt: skip
VALIDITIES = (
    "{few} tahun",
    "{few} bulan",
    "selama usaha berjalan",
    "seumur hidup",
    "sampai ada perubahan data",
)
COMPLAINTS = (
    "Pengaduan disampaikan di meja {gate} atau lewat telepon, dijawab paling lama {few} hari kerja.",
    "Keluhan, saran, dan masukan diterima bagian pengaduan {building} dan dicatat dalam buku register.",
    "Aduan ditelaah oleh unit kepatuhan, lalu hasilnya dikabarkan kepada pelapor.",
    "Masukan dapat dikirim melalui kotak saran di {building} atau surel resmi instansi.",
    "Laporan yang masuk diteruskan kepada kepala bidang dan diselesaikan dalam {few} hari.",
)
#: Laws in force that every standard rests on: type, number, year, title.
LAWS = (
    ("Undang-Undang", "25", 2009, "Pelayanan Publik"),
    ("Undang-Undang", "30", 2014, "Administrasi Pemerintahan"),
    ("Peraturan Pemerintah", "96", 2012, "Pelaksanaan Undang-Undang tentang Pelayanan Publik"),
    ("Peraturan Presiden", "76", 2013, "Pengelolaan Pengaduan Pelayanan Publik"),
    ("Peraturan Presiden", "89", 2021, "Penyelenggaraan Mal Pelayanan Publik"),
    ("Peraturan Menteri PANRB", "15", 2014, "Pedoman Standar Pelayanan"),
)
LOCAL_RULES = (
    ("Peraturan Daerah", "Retribusi {thing} di {region}"),
    ("Peraturan Kepala Daerah", "Tata cara pemberian {thing}"),
    ("Peraturan Kepala Daerah", "Pendelegasian kewenangan kepada {kecamatan}"),
    ("Keputusan Kepala Dinas", "Susunan tim teknis {thing}"),
    ("Keputusan Kepala Daerah", "Tarif {thing} tahun {year}"),
)
FACILITIES = (
    ("Ruang tunggu dengan {seats} kursi di {building}", False),
    ("Mesin antrean dan layar panggilan", False),
    ("Jalur landai bagi kursi roda di pintu {gate}", True),
    ("Ruang laktasi dan tempat bermain anak", True),
    ("Toilet bagi penyandang disabilitas", True),
    ("Komputer untuk pendaftaran mandiri", False),
    ("Tempat parkir untuk {seats} kendaraan", False),
    ("Jaringan nirkabel gratis", False),
    ("Lemari arsip {thing}", False),
    ("Loket prioritas bagi lanjut usia dan ibu hamil", True),
    ("Kendaraan dinas untuk peninjauan {kecamatan}", False),
)
COMPETENCES = (
    "Menguasai aplikasi layanan dan peraturan tentang {thing}.",
    "Berpendidikan sekurangnya diploma tiga dan mampu berkomunikasi dengan santun.",
    "Telah mengikuti diklat {thing} dan paham tata naskah dinas.",
    "Mampu memakai bahasa isyarat dasar serta bahasa daerah {region}.",
)
SUPERVISIONS = (
    "Diawasi atasan langsung dan diperiksa inspektorat setiap {few} bulan.",
    "Kepala bidang memeriksa laporan harian; rapat penilaian diadakan tiap triwulan.",
    "Unit kepatuhan menguji petik {seats} berkas sebulan.",
)
GUARANTEES = (
    "Layanan diberikan sesuai maklumat yang dipasang di {building}.",
    "Bila melewati batas waktu, pimpinan memberi penjelasan tertulis kepada pemohon.",
    "Tidak ada pungutan di luar tarif yang tertera.",
    "Hasil yang keliru diperbaiki tanpa biaya pada hari yang sama.",
)
SAFETIES = (
    "Data pribadi disimpan dalam sistem yang disandikan.",
    "Gedung dilengkapi alat pemadam dan jalur penyelamatan.",
    "Dokumen memakai tanda tangan elektronik dan kode QR.",
    "Arsip {thing} disimpan di ruang {room} yang terkunci.",
)
EVALUATIONS = (
    "Survei kepuasan masyarakat diadakan {few} kali setahun.",
    "Kinerja dinilai tiap semester dan diumumkan di {building}.",
    "Penilaian memakai indeks kepuasan dan jumlah aduan yang selesai.",
)
SUMMARIES = (
    "{service} untuk warga {region}, dilayani di {building}.",
    "Mengurus {service} di {kecamatan} dan sekitarnya.",
    "{service} bagi perorangan dan badan usaha di {region}.",
    "Layanan {service} lewat {building} atau aplikasi.",
)
AUDIENCES = (
    "Warga {region}", "Pelaku usaha mikro dan kecil di {kecamatan}", "Perorangan dan badan hukum",
    "Keluarga yang berdomisili di {kecamatan}", "Semua orang",
)  # fmt: skip
SEATS = ("12", "18", "24", "30", "36", "40", "48", "60", "75", "90")
COLOURS = ("merah", "biru", "hijau", "kuning", "putih", "merah muda", "cokelat", "abu-abu")
SIZES = ("2x3", "3x4", "4x6")
HOUSES = ("Gedung", "Gedung", "Balai", "Wisma", "Graha", "Kantor")
BUILDINGS = (
    "Anggrek", "Melati", "Cempaka", "Kenanga", "Flamboyan", "Bougenvil", "Dahlia", "Teratai", "Seruni",
    "Kamboja", "Mawar", "Tulip", "Asoka", "Soka", "Rajawali", "Elang", "Garuda", "Merpati", "Kasuari",
    "Maleo", "Anoa", "Komodo", "Badak", "Rusa", "Krakatau", "Semeru", "Rinjani", "Latimojong", "Mekongga",
    "Lawu", "Slamet", "Merbabu", "Bromo", "Kerinci", "Leuser", "Jaya", "Kahayan", "Musi", "Mahakam",
    "Kapuas", "Barito", "Batanghari", "Citarum", "Brantas", "Serayu", "Sampara", "Konaweha",
)  # fmt: skip
