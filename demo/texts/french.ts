import type { LanguageTexts } from './LanguageTexts.ts';

export const FRENCH: LanguageTexts = {
  inCity: 'à {place}',
  inDistrict: 'dans le district de {place}',
  office: 'Bureau de l’intégration',
  contactHeading: 'Des questions ?',
  pages: {
    welcome: [
      'Bienvenue',
      `Nous sommes heureux de vous accueillir ! Quand on arrive {inPlace}, on se pose beaucoup de questions : où m’inscrire ? comment trouver un cours de langue, un médecin, une école ? Vous trouvez ici des réponses courtes et les adresses de ceux qui vous aident.
Chaque page déjà ouverte fonctionne sans internet. Choisissez votre langue en haut. Si une page n’est pas encore traduite, lisez-la en allemand ou en anglais.`,
    ],
    'first-steps': [
      'Les premiers pas',
      `Il y a beaucoup à faire les premières semaines. Cet ordre a fait ses preuves :
- déclarer votre adresse
- choisir une assurance maladie
- ouvrir un compte en banque
- inscrire les enfants à la crèche ou à l’école
- prendre rendez-vous pour un test de langue
Gardez chaque lettre officielle et notez la date limite de réponse. Si vous ne comprenez pas, venez avec la lettre à notre permanence. C’est gratuit.`,
    ],
    registration: [
      'Déclarer son adresse',
      `Toute personne qui s’installe {inPlace} se déclare dans les deux semaines au service des citoyens. C’est aussi vrai si vous changez seulement de rue.
Apportez :
- les passeports de toute la famille
- l’attestation du propriétaire
- les actes de mariage et de naissance si vous les avez
La démarche est gratuite et vous recevez un certificat tout de suite. Votre numéro fiscal arrive par la poste ; votre employeur en a besoin.`,
    ],
    language: [
      'Apprendre l’allemand',
      `Chaque mot nouveau facilite la vie. {InPlace}, vous apprenez dans un cours d’intégration, à l’université populaire, au café des langues ou chez vous avec un téléphone. Beaucoup d’offres sont gratuites.
Vous ne savez pas quel cours choisir ? Un petit test montre votre niveau, puis nous vous conseillons selon votre travail et votre famille.`,
    ],
    'integration-course': [
      'Cours d’intégration',
      `Le cours d’intégration comprend 600 heures d’allemand et 100 heures sur la vie en Allemagne. Il se termine par un examen de niveau B1 et un test sur l’histoire, le droit et la vie quotidienne.
Il existe des cours avec garde d’enfants, pour les jeunes, le soir, et pour ceux qui apprennent à lire. Inscrivez-vous tôt, car les places sont recherchées.`,
    ],
    residence: [
      'Séjour et droit',
      `Votre titre de séjour dit ce que vous pouvez faire en Allemagne : travailler, rester un certain temps, faire venir votre famille. Les pages suivantes expliquent les papiers importants avec des mots simples.
Elles ne remplacent pas un conseil juridique. En cas de refus, allez la même semaine dans un centre de conseil, car les délais de recours sont courts.`,
    ],
    work: [
      'Travail et formation',
      `Un travail rend indépendant. {InPlace}, des maisons de soins, des ateliers, des cuisines et des bureaux cherchent du monde, souvent même sans allemand parfait. Vous lisez ici comment trouver un emploi, faire reconnaître un diplôme et connaître vos droits.
Vérifiez d’abord que votre titre de séjour autorise le travail. L’agence pour l’emploi répond aussi dans d’autres langues.`,
    ],
    apprenticeship: [
      'Apprentissage',
      `En apprentissage, vous apprenez pendant deux à trois ans et demi dans une entreprise et à l’école professionnelle, et vous gagnez de l’argent. Il y a plus de trois cents métiers, du boulanger au mécatronicien, sans limite d’âge.
La plupart commencent en septembre. Postulez un an avant. Cette application montre les places libres près de chez vous.`,
    ],
    family: [
      'Enfants et école',
      `Les enfants apprennent vite quand ils jouent tôt avec d’autres. {InPlace}, il y a des crèches, des jardins d’enfants, des écoles et des lieux de rencontre. Les pages suivantes disent quand inscrire votre enfant, ce que cela coûte et quelles aides existent.
Une réunion de parents n’est pas un examen. Vous pouvez tout demander et venir avec quelqu’un qui traduit.`,
    ],
    health: [
      'Santé',
      `Quand vous êtes malade, voyez d’abord un médecin de famille. N’allez à l’hôpital qu’en cas d’urgence. Ayez toujours votre carte d’assurance.
Les médicaments s’achètent en pharmacie, souvent sur ordonnance. La nuit et le dimanche, une pharmacie proche est toujours ouverte ; son adresse est affichée sur chaque porte de pharmacie.`,
    ],
    emergency: [
      'Urgence',
      `En danger de mort, appelez le **112**. L’appel est gratuit, même sans crédit. Dites où vous êtes, ce qui s’est passé et combien de personnes sont blessées. Ne raccrochez pas en premier.
- 112 : pompiers et ambulance
- 110 : police
- 116 117 : médecin de garde le soir et le week-end
En cas de violence familiale, des lignes d’aide conseillent jour et nuit dans beaucoup de langues.`,
    ],
    housing: [
      'Logement',
      `Trouver un logement abordable {inPlace} demande de la patience. Nous expliquons où chercher, ce que dit un bail, quels frais s’ajoutent au loyer et comment bien vivre avec ses voisins.
Si vous habitez un foyer et pouvez déménager, parlez d’abord avec le service social.`,
    ],
  },
  events: {
    'language-cafe': [
      'Café des langues',
      `Pratiquez l’allemand autour d’un café. Venez quand vous voulez, sans inscription et sans frais. Un coin est prévu pour les enfants.`,
    ],
    festival: [
      'Fête des cultures',
      `Musique, danse, cuisine du monde et jeux pour enfants toute la journée. Entrée libre.`,
    ],
  },
  locations: {
    'integration-office': [
      'Bureau de l’intégration',
      `La première adresse pour les nouveaux venus. Nous écoutons, expliquons les lettres et trouvons le bon service.`,
    ],
    library: [
      'Bibliothèque',
      `Livres, films et jeux en beaucoup de langues, places de travail calmes et internet gratuit.`,
    ],
  },
  categories: {
    advice: 'Conseil',
    office: 'Administration',
    education: 'Éducation',
    health: 'Santé',
    leisure: 'Loisirs',
    shopping: 'Achats',
    meeting: 'Lieu de rencontre',
    other: 'Autre',
  },
  news: {},
};
