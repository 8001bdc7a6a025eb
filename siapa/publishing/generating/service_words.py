"""Words for services that do not exist: by category, the acts and the things they are done to.

Each thing is Indonesian and English; each category also names the kind of agency that
would give such a service and the event in life that leads there.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Indonesian and English of the same.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """One category: who gives its services, which event of life leads there, what is done to what."""

    agency_kind: str
    life_event: str
    acts: tuple[Pair, ...]
    things: tuple[Pair, ...]


PERMIT = (("Izin", "Permit for"), ("Perpanjangan izin", "Renewal of the permit for"))
REGISTER = (("Pendaftaran", "Registration of"), ("Perubahan data", "Change of data of"))
CLAIM = (("Pengajuan", "Application for"), ("Pencairan", "Payment of"))
LETTER = (("Surat keterangan", "Letter on"), ("Rekomendasi", "Recommendation on"))
CHECK = (("Pemeriksaan", "Inspection of"), ("Sertifikasi", "Certification of"))

FIELDS: dict[str, Field] = {
    "administrasi-kependudukan": Field("dinas_dukcapil", "pindah-rumah", REGISTER, (
        ("penduduk nonpermanen", "temporary residents"), ("penduduk rentan", "vulnerable residents"),
        ("anak angkat", "adopted children"), ("orang terlantar", "homeless persons"),
        ("kepala keluarga tunggal", "single heads of household"), ("warga binaan", "inmates"),
        ("penghuni asrama", "dormitory residents"), ("gelar akademik", "academic degrees"),
        ("golongan darah", "blood groups"),
    )),
    "kendaraan": Field("dinas_perhubungan", "berkendara", PERMIT, (
        ("trayek angkutan desa", "village transport routes"),
        ("angkutan sewa khusus", "special hire transport"),
        ("kendaraan bak terbuka", "open trucks"), ("parkir tepi jalan", "roadside parking"),
        ("bengkel karoseri", "body workshops"), ("perahu penyeberangan", "ferry boats"),
        ("kereta kelinci wisata", "tourist road trains"), ("angkutan sekolah", "school transport"),
        ("bongkar muat barang", "loading and unloading"),
    )),
    "kepolisian": Field("polres_intelkam", "usaha-kegiatan", LETTER, (
        ("pawai budaya", "cultural parades"), ("pengawalan iring-iringan", "convoy escorts"),
        ("kembang api", "fireworks"), ("satuan pengamanan", "security guards"),
        ("senapan angin olahraga", "sporting air guns"), ("turnamen antarkampung", "village tournaments"),
        ("kehilangan barang berharga", "lost valuables"), ("sidik jari", "fingerprints"),
        ("pasar malam", "night markets"),
    )),
    "keimigrasian": Field("kantor_imigrasi", "orang-asing", LETTER, (
        ("kunjungan keluarga asing", "visits of foreign relatives"), ("awak kapal", "ship crews"),
        ("pelintas batas", "border crossers"),
        ("anak berkewarganegaraan ganda", "children of two nationalities"),
        ("peneliti asing", "foreign researchers"), ("rohaniwan asing", "foreign clergy"),
        ("penjamin orang asing", "sponsors of foreigners"),
        ("perubahan alamat orang asing", "changes of address of foreigners"),
        ("awak media asing", "foreign media crews"),
    )),
    "perpajakan": Field("bapenda", "pajak", (("Pengurangan", "Reduction of"),
    ("Angsuran", "Instalments for")), (
        ("pajak air tanah", "groundwater tax"), ("pajak sarang walet", "swiftlet nest tax"),
        ("pajak hiburan rakyat", "popular entertainment tax"), ("pajak parkir swasta", "private parking tax"),
        ("pajak mineral bukan logam", "non-metallic mineral tax"), ("retribusi pasar", "market charges"),
        ("retribusi sampah", "waste charges"), ("pajak penginapan", "lodging tax"),
        ("retribusi terminal", "terminal charges"),
    )),
    "pertanahan": Field("kantor_pertanahan", "tanah-rumah", (("Pengukuran", "Survey of"),
    ("Pencatatan", "Recording of")), (
        ("batas tanah wakaf", "boundaries of endowed land"), ("tanah ulayat", "customary land"),
        ("tanah kas desa", "village land"), ("tanah konsolidasi", "consolidated land"),
        ("tanah terdampak bencana", "land struck by disaster"), ("satuan rumah susun", "apartment units"),
        ("tanah transmigrasi", "transmigration land"), ("sempadan sungai", "river banks"),
        ("jalan lingkungan", "neighbourhood roads"),
    )),
    "jaminan-sosial": Field("bpjs_ketenagakerjaan", "pensiun", CLAIM, (
        ("santunan kecelakaan nelayan", "fishers' accident benefits"),
        ("bantuan iuran petani", "farmers' contribution aid"),
        ("manfaat beasiswa anak", "children's scholarship benefits"), ("alat bantu dengar", "hearing aids"),
        ("kaki palsu", "artificial legs"), ("kacamata", "glasses"),
        ("manfaat kehilangan pekerjaan", "unemployment benefits"), ("perawatan di rumah", "home care"),
        ("iuran tertunggak", "contributions in arrears"),
    )),
    "kesehatan": Field("dinas_kesehatan", "kesehatan", CHECK, (
        ("depot air minum", "drinking-water refill stations"), ("jasa boga", "catering services"),
        ("kolam renang umum", "public swimming pools"), ("kantin sekolah", "school canteens"),
        ("pangkas rambut", "barber shops"), ("rumah potong unggas", "poultry slaughterhouses"),
        ("toko jamu", "herbal medicine shops"), ("optik", "opticians"),
        ("panti pijat tunanetra", "massage houses of the blind"),
    )),
    "sosial": Field("dinas_sosial", "bantuan-sosial", CLAIM, (
        ("kursi roda", "wheelchairs"), ("rumah tidak layak huni", "repairs of unfit houses"),
        ("bantuan kebakaran", "fire relief"), ("santunan anak yatim", "orphans' support"),
        ("bantuan lanjut usia", "support of the elderly"),
        ("pemulangan orang terlantar", "the return of stranded persons"),
        ("bantuan bibit sayur", "vegetable seedlings"),
        ("beasiswa keluarga miskin", "scholarships for poor families"),
        ("dapur umum", "public kitchens"),
    )),
    "ketenagakerjaan": Field("dinas_tenaga_kerja", "mencari-kerja", REGISTER, (
        ("pelatihan las", "welding courses"), ("pelatihan menjahit", "sewing courses"),
        ("magang industri", "industrial apprenticeships"),
        ("perjanjian kerja bersama", "collective agreements"),
        ("serikat pekerja", "trade unions"), ("perusahaan alih daya", "outsourcing companies"),
        ("lowongan kerja daring", "online vacancies"), ("peraturan perusahaan", "company rules"),
        ("tenaga kerja penyandang disabilitas", "workers with disabilities"),
    )),
    "perizinan-usaha": Field("dpmptsp", "memulai-usaha", PERMIT, (
        ("peternakan ayam petelur", "laying-hen farms"), ("tambak udang", "shrimp ponds"),
        ("penggilingan padi", "rice mills"), ("rumah kos", "boarding houses"),
        ("gelanggang olahraga", "sports halls"), ("warung internet", "internet cafes"),
        ("bengkel las", "welding workshops"), ("pencucian mobil", "car washes"),
        ("toko bahan kimia", "chemical shops"),
    )),
    "perizinan-tenaga-kesehatan": Field("dpmptsp", "mencari-kerja", PERMIT, (
        ("praktik fisioterapis", "physiotherapists"), ("praktik ahli gizi", "nutritionists"),
        ("praktik terapis wicara", "speech therapists"), ("praktik radiografer", "radiographers"),
        ("praktik refraksionis", "refractionists"), ("praktik penata anestesi", "anaesthesia assistants"),
        ("praktik psikolog klinis", "clinical psychologists"), ("praktik akupunktur", "acupuncturists"),
        ("praktik perekam medis", "medical record keepers"),
    )),
    "pendidikan-penelitian": Field("dinas_pendidikan", "pendidikan", PERMIT, (
        ("taman kanak-kanak", "kindergartens"), ("kursus bahasa", "language courses"),
        ("sanggar tari", "dance studios"), ("kelompok belajar", "study groups"),
        ("taman bacaan", "reading rooms"), ("rumah tahfiz", "Quran schools"),
        ("pendidikan kesetaraan", "equivalency education"), ("museum daerah", "local museums"),
        ("penggalian purbakala", "archaeological digs"),
    )),
    "keagamaan": Field("kua", "ibadah", REGISTER, (
        ("rumah ibadah", "houses of worship"), ("tanah wakaf", "endowments"),
        ("majelis taklim", "study circles"), ("pesantren", "boarding schools of Islam"),
        ("pengumpul zakat", "alms collectors"), ("bimbingan umrah", "umrah guidance"),
        ("penyuluh agama", "religious counsellors"), ("arah kiblat", "directions of prayer"),
        ("imam masjid", "mosque leaders"),
    )),
    "peradilan-hukum": Field("pengadilan_negeri", "hukum", LETTER, (
        ("wali anak", "guardianship"), ("pengampuan", "legal care of adults"),
        ("perbaikan akta", "correction of deeds"), ("bantuan hukum", "legal aid"),
        ("penitipan uang", "deposits"), ("salinan putusan", "copies of judgments"),
        ("pendaftaran badan usaha", "registered firms"), ("keabsahan surat kuasa", "powers of attorney"),
        ("eksekusi putusan", "enforcement of judgments"),
    )),
    "keuangan": Field("bank", "keuangan", CLAIM, (
        ("kredit nelayan", "fishers' credit"), ("kredit pedagang pasar", "market traders' credit"),
        ("pinjaman koperasi", "cooperative loans"), ("tabungan pelajar", "students' savings"),
        ("asuransi ternak", "livestock insurance"), ("kredit perbaikan rumah", "home repair credit"),
        ("modal ventura desa", "village venture capital"), ("kartu petani", "farmers' cards"),
        ("dana bergulir", "revolving funds"),
    )),
    "utilitas": Field("pdam", "tanah-rumah", (("Pemasangan", "Installation of"),
    ("Perbaikan", "Repair of")), (
        ("meter air", "water meters"), ("hidran umum", "public hydrants"),
        ("lampu jalan", "street lamps"), ("saluran limbah rumah", "household sewers"),
        ("tangki septik komunal", "shared septic tanks"), ("sumur bor", "bore wells"),
        ("pipa dinas", "service pipes"), ("panel surya atap", "roof solar panels"),
        ("jaringan gas rumah", "household gas lines"),
    )),
    "pengaduan": Field("pengaduan", "pengaduan", (("Pengaduan", "Complaint about"),
    ("Mediasi", "Mediation on")), (
        ("jalan rusak", "damaged roads"), ("pencemaran sungai", "river pollution"),
        ("kebisingan", "noise"), ("penimbunan sampah", "waste dumping"),
        ("pungutan liar", "illegal charges"), ("banjir permukiman", "flooded housing"),
        ("harga pupuk", "fertiliser prices"), ("pohon tumbang", "fallen trees"),
        ("sengketa konsumen", "consumer disputes"),
    )),
}  # fmt: skip
