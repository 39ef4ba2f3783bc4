import type { LanguageTexts } from './LanguageTexts.ts';

export const TURKISH: LanguageTexts = {
  inCity: '{place} şehrinde',
  inDistrict: '{place} ilçesinde',
  office: 'Uyum Bürosu',
  contactHeading: 'Sorularınız mı var?',
  pages: {
    welcome: [
      'Hoş geldiniz',
      `Burada olmanıza sevindik! Yeni gelen herkesin çok sorusu olur: Nerede kayıt yaptırırım? Dil kursunu, doktoru, okulu nasıl bulurum? Burada kısa cevaplar ve size yardım edecek kişilerin adresleri var.
Bir kez açtığınız sayfalar internetsiz de çalışır. Dilinizi yukarıdan seçin. Henüz çevrilmemiş sayfaları Almanca ya da İngilizce okuyabilirsiniz.`,
    ],
    'first-steps': [
      'İlk adımlar',
      `İlk haftalarda yapılacak çok iş vardır. Şu sıra işe yarar:
- adresinizi kaydettirin
- sağlık sigortası seçin
- banka hesabı açın
- çocukları kreşe veya okula yazdırın
- dil seviye sınavı için randevu alın
Resmî dairelerden gelen her mektubu saklayın ve cevap tarihini not edin. Anlamadığınız bir şey olursa mektupla danışmaya gelin. Ücretsizdir.`,
    ],
    registration: [
      'Adres kaydı',
      `Yeni taşınan herkes iki hafta içinde vatandaş hizmetlerine kayıt yaptırır. Aynı yerde ev değiştirseniz de bu geçerlidir.
Yanınızda getirin:
- bütün ailenin pasaportları
- ev sahibinin taşınma belgesi
- varsa evlilik ve doğum belgeleri
Kayıt ücretsizdir ve belgenizi hemen alırsınız. Vergi numaranız birkaç hafta sonra postayla gelir; işvereniniz buna ihtiyaç duyar.`,
    ],
    language: [
      'Almanca öğrenmek',
      `Her yeni kelime hayatı kolaylaştırır. {InPlace} uyum kursunda, halk eğitim merkezinde, dil kafesinde veya evde telefonla öğrenebilirsiniz. Birçok kurs ücretsizdir.
Hangi kursun uygun olduğunu bilmiyor musunuz? Kısa bir sınav seviyenizi gösterir; sonra size işinize ve ailenize uyan yolu öneririz.`,
    ],
    'integration-course': [
      'Uyum kursu',
      `Uyum kursu 600 saat Almanca ve Almanya’da yaşam üzerine 100 saatten oluşur. Sonunda B1 dil sınavı ve tarih, hukuk ve günlük yaşam sınavı vardır.
Çocuk bakımlı kurslar, gençlik kursları, akşam kursları ve okuma yazma kursları vardır. Katılma hakkını yabancılar dairesi, iş merkezi veya kendi başvurunuzla alırsınız. Erken kayıt olun.`,
    ],
    residence: [
      'Oturum ve hukuk',
      `Almanya’da neye izin verildiği oturum belgenizde yazar: çalışabilir misiniz, ne kadar kalabilirsiniz, aileniz gelebilir mi? Sonraki sayfalarda en önemli belgeleri sade sözlerle anlatıyoruz.
Bu sayfalar hukuki danışmanlığın yerini tutmaz. Ret mektubu alırsanız aynı hafta bir danışma merkezine gidin, çünkü itiraz süreleri kısadır.`,
    ],
    'immigration-office': [
      'Yabancılar dairesi',
      `Oturum izinleri, seyahat belgeleri ve çalışma izinleri için yabancılar dairesi yetkilidir. İnternetten veya telefonla randevu alın. Randevusuz yalnızca acil durumlara bakılır.
On dakika erken gelin; pasaport, yeni biyometrik fotoğraf, kira sözleşmesi ve maaş bordrolarını getirin. Her yeni adresi ve işi bildirin.`,
    ],
    work: [
      'İş ve meslek eğitimi',
      `Kendi işiniz sizi bağımsız yapar. {InPlace} bakım evleri, atölyeler, mutfaklar ve ofisler yeni çalışanlar arıyor. Burada nasıl iş bulacağınızı, diplomanızın nasıl tanınacağını ve haklarınızı okuyabilirsiniz.
Önce oturumunuzun çalışmaya izin verip vermediğine bakın. İş ajansı başka dillerde de cevap verir.`,
    ],
    apprenticeship: [
      'Meslek eğitimi',
      `Meslek eğitiminde iki ile üç buçuk yıl boyunca bir işletmede ve meslek okulunda öğrenir, aynı zamanda para kazanırsınız. Fırıncılıktan mekatroniğe üç yüzden fazla meslek vardır. Yaş sınırı yoktur.
Eğitimler çoğunlukla eylülde başlar. Bir yıl önce başvurun. Yakındaki boş yerleri bu uygulamada bulabilirsiniz.`,
    ],
    family: [
      'Çocuklar ve okul',
      `Çocuklar erken yaşta başkalarıyla oynayınca çabuk öğrenir. {InPlace} kreşler, anaokulları, okullar ve aileler için buluşma yerleri vardır. Çocuğunuzu ne zaman yazdıracağınızı, ücretleri ve yardımları sonraki sayfalarda bulursunuz.
Veli toplantısı sınav değildir. Her şeyi sorabilir, çeviri için birini getirebilirsiniz.`,
    ],
    health: [
      'Sağlık',
      `Hasta olunca önce aile doktoruna gidin. Hastaneye yalnızca acil durumda gidin. Sigorta kartınızı her zaman yanınızda taşıyın.
İlaçları eczaneden alırsınız, çoğu reçetelidir. Geceleri ve pazar günleri yakında her zaman nöbetçi bir eczane vardır; adresi her eczanenin kapısında yazar.`,
    ],
    emergency: [
      'Acil durum',
      `Hayati tehlikede **112** numarasını arayın. Arama ücretsizdir, kontörsüz de çalışır. Nerede olduğunuzu, ne olduğunu ve kaç kişinin yaralandığını söyleyin. Telefonu ilk siz kapatmayın.
- 112: itfaiye ve ambulans
- 110: polis
- 116 117: akşam ve hafta sonu nöbetçi doktor
Aile içi şiddette yardım hatları gece gündüz birçok dilde danışmanlık verir.`,
    ],
    housing: [
      'Konut',
      `{InPlace} uygun fiyatlı bir daire bulmak sabır ister. Nerede arayacağınızı, kira sözleşmesinde neler yazdığını, kiraya hangi giderlerin eklendiğini ve komşularla nasıl iyi geçinileceğini anlatıyoruz.
Yurtta kalıyor ve taşınabiliyorsanız önce sosyal yardım dairesiyle konuşun.`,
    ],
    everyday: [
      'Günlük yaşam',
      `Otobüs, alışveriş, spor, kitaplar: {inPlace} hayatı güzelleştiren ve az para tutan şeyler burada. Sosyal kartla havuz, müze ve tiyatro daha ucuzdur.
Pazar günleri dükkânların çoğu kapalıdır ve sessizlik beklenir. Yürüyüş, arkadaşlar ve şenlikler için zaman kalır.`,
    ],
  },
  events: {
    'language-cafe': [
      'Dil kafesi',
      `Kahve ve pasta eşliğinde Almanca konuşun. İstediğiniz zaman gelin. Kayıt yok, ücret yok, çocuklar için köşe var.`,
    ],
    festival: ['Kültürler şenliği', `Bütün gün müzik, dans, dünya yemekleri ve çocuk oyunları. Giriş serbest.`],
  },
  locations: {
    'integration-office': [
      'Uyum Bürosu',
      `Yeni gelen herkes için ilk adres. Dinler, mektupları açıklar ve doğru yeri buluruz.`,
    ],
    'citizen-service': ['Vatandaş hizmetleri', `Adres kaydı ve belgeler burada. Girişte sıra numarası alın.`],
    library: ['Kütüphane', `Birçok dilde kitap, film ve oyun, sessiz çalışma yerleri ve ücretsiz internet.`],
  },
  categories: {
    advice: 'Danışma',
    office: 'Resmî daire',
    education: 'Eğitim',
    health: 'Sağlık',
    leisure: 'Boş zaman',
    shopping: 'Alışveriş',
    meeting: 'Buluşma yeri',
    other: 'Diğer',
  },
  news: {
    closed: [
      'Vatandaş hizmetleri cuma günü kapalı',
      `Personel eğitimi nedeniyle vatandaş hizmetleri bu cuma kapalıdır. Randevular ertelenir, size haber verilir.`,
    ],
  },
};
