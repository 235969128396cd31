/** The papers that methods come from, by their numbers on arXiv: what a bibliography needs. */

export interface Paper {
  /** As BibTeX writes them, in the paper's order. */
  readonly authors: readonly string[]
  /** Of the newest version; capitals that must stay are in braces. */
  readonly title: string
}

export const papers: Readonly<Record<string, Paper>> = {
  '2506.02370': {
    authors: ['Li, Zhe', 'Ying, Bicheng', 'Liu, Zidong', 'Dong, Chaosheng', 'Yang, Haibo'],
    title: 'Converge Faster, Talk Less: {Hessian}-Informed Federated Zeroth-Order Optimization',
  },
  '2405.15861': {
    authors: ['Li, Zhe', 'Ying, Bicheng', 'Liu, Zidong', 'Dong, Chaosheng', 'Yang, Haibo'],
    title:
      'Achieving Dimension-Free Communication in Federated Learning via Zeroth-Order Optimization',
  },
  '2305.17333': {
    authors: [
      'Malladi, Sadhika',
      'Gao, Tianyu',
      'Nichani, Eshaan',
      'Damian, Alex',
      'Lee, Jason D.',
      'Chen, Danqi',
      'Arora, Sanjeev',
    ],
    title: 'Fine-Tuning Language Models with Just Forward Passes',
  },
  '2312.06353': {
    authors: [
      'Qin, Zhen',
      'Chen, Daoyuan',
      'Qian, Bingchen',
      'Ding, Bolin',
      'Li, Yaliang',
      'Deng, Shuiguang',
    ],
    title:
      'Federated Full-Parameter Tuning of Billion-Sized Language Models with Communication Cost under 18 Kilobytes',
  },
  '2501.17610': {
    authors: ['Cai, Zhijie', 'Chen, Haolong', 'Zhu, Guangxu'],
    title:
      '{FeedSign}: Robust Full-parameter Federated Fine-tuning of Large Models with Extremely Low Communication Overhead of One Bit',
  },
  '2506.09034': {
    authors: [
      'Dang, Sizhe',
      'Guo, Yangyang',
      'Zhao, Yanjun',
      'Ye, Haishan',
      'Zheng, Xiaodong',
      'Dai, Guang',
      'Tsang, Ivor',
    ],
    title:
      '{FZOO}: Fast Zeroth-Order Optimizer for Fine-Tuning Large Language Models towards {Adam}-Scale Speed',
  },
  '2511.02757': {
    authors: ['Behric, Lejs Deen', 'Zhang, Liang', 'Li, Bingcong', 'Thekumparampil, Kiran Koshy'],
    title:
      '{ConMeZO}: Adaptive Descent-Direction Sampling for Gradient-Free Finetuning of Large Language Models',
  },
  '2402.15751': {
    authors: [
      'Liu, Yong',
      'Zhu, Zirui',
      'Gong, Chaoyu',
      'Cheng, Minhao',
      'Hsieh, Cho-Jui',
      'You, Yang',
    ],
    title:
      'Sparse {MeZO}: Less Parameters for Better Performance in Zeroth-Order {LLM} Fine-Tuning',
  },
  '2506.03337': {
    authors: [
      'Ran, Yide',
      'Guo, Wentao',
      'Sun, Jingwei',
      'Pan, Yanzhou',
      'Yu, Xiaodong',
      'Wang, Hao',
      'Xie, Jianwen',
      'Chen, Yiran',
      'Zhang, Denghui',
      'Xu, Zhaozhuo',
    ],
    title:
      'Mitigating Non-{IID} Drift in Zeroth-Order Federated {LLM} Fine-Tuning with Transferable Sparsity',
  },
  '1602.05629': {
    authors: [
      'McMahan, H. Brendan',
      'Moore, Eider',
      'Ramage, Daniel',
      'Hampson, Seth',
      '{Ag{\\"u}era y Arcas}, Blaise',
    ],
    title: 'Communication-Efficient Learning of Deep Networks from Decentralized Data',
  },
  '1812.06127': {
    authors: [
      'Li, Tian',
      'Sahu, Anit Kumar',
      'Zaheer, Manzil',
      'Sanjabi, Maziar',
      'Talwalkar, Ameet',
      'Smith, Virginia',
    ],
    title: 'Federated Optimization in Heterogeneous Networks',
  },
  '1909.06335': {
    authors: ['Hsu, Tzu-Ming Harry', 'Qi, Hang', 'Brown, Matthew'],
    title:
      'Measuring the Effects of Non-Identical Data Distribution for Federated Visual Classification',
  },
  '1910.06378': {
    authors: [
      'Karimireddy, Sai Praneeth',
      'Kale, Satyen',
      'Mohri, Mehryar',
      'Reddi, Sashank J.',
      'Stich, Sebastian U.',
      'Suresh, Ananda Theertha',
    ],
    title: '{SCAFFOLD}: Stochastic Controlled Averaging for Federated Learning',
  },
  '2003.00295': {
    authors: [
      'Reddi, Sashank J.',
      'Charles, Zachary',
      'Zaheer, Manzil',
      'Garrett, Zachary',
      'Rush, Keith',
      "Kone{\\v{c}}n{\\'y}, Jakub",
      'Kumar, Sanjiv',
      'McMahan, H. Brendan',
    ],
    title: 'Adaptive Federated Optimization',
  },
  '2201.09531': {
    authors: [
      'Fang, Wenzhi',
      'Yu, Ziyi',
      'Jiang, Yuning',
      'Shi, Yuanming',
      'Jones, Colin N.',
      'Zhou, Yong',
    ],
    title: 'Communication-Efficient Stochastic Zeroth-Order Optimization for Federated Learning',
  },
}
