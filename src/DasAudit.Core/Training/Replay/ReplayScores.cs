namespace DasAudit.Core.Training.Replay;

/// <summary>What leaving training pictures out of the end of training would change.</summary>
/// <param name="Rises">By how much the loss of each query would rise, [query][row]; below 0, fall.</param>
/// <param name="Difference">‖a − a′‖/‖a‖ of the model's trained weights a and those that the replay ended at.</param>
internal sealed record ReplayScores(double[][] Rises, double Difference);
