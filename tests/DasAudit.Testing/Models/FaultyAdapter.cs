using DasAudit.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>What can be wrong with an adapter; each must be found by exactly the check that is made for it.</summary>
public enum Fault
{
    None,
    CannotLoad,
    NoFiles,
    TrainingMode,
    InfiniteWeight,
    ConditionsOfAnotherCount,
    EncodesToAnotherShape,
    DoublePrecision,
    NotFinite,
    Random,
    DependsOnTheBatch,
    LeavesAParameterOut,
    NotDifferentiable,
    SharedWeights,
    Throws,
}

/// <summary>A small class-conditional model that keeps every promise but one.</summary>
internal sealed class FaultyAdapter(Fault fault) : IModelAdapter, IDisposable
{
    private Network? _shared;

    public string Name => "faulty";

    public bool CanLoad(string path) => true;

    public IDiffusionModel Load(string path, Device device, ModelLoadOptions options) =>
        fault == Fault.CannotLoad
            ? throw new AuditException("'weights' is missing; put it there.")
            : new Model(fault == Fault.SharedWeights ? _shared ??= new Network() : new Network(), fault);

    public void Dispose() => _shared?.Dispose();

    private sealed class Model : IDiffusionModel, IConditioned
    {
        private readonly Network _network;
        private readonly Fault _fault;
        private int _calls;

        public Model(Network network, Fault fault)
        {
            (_network, _fault) = (network, fault);
            network.eval();
            if (fault == Fault.TrainingMode)
                network.train();
            using var noGradient = no_grad();
            if (fault == Fault.InfiniteWeight)
                network.Unused.fill_(float.PositiveInfinity);
        }

        public nn.Module Network => _network;

        public IForwardProcess Process { get; } =
            new DiscreteDiffusion(NoiseSchedule.Linear(100), PredictionType.Epsilon);

        public ImageShape PictureShape => new(2, 4, 4);

        public IReadOnlyList<string> Files => _fault == Fault.NoFiles ? [] : [typeof(FaultyAdapter).Assembly.Location];

        public ConditionKind Kind => ConditionKind.ClassLabel;

        public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions)
        {
            var labels = conditions.Select(condition => (long)condition.ClassLabel!.Value);
            return new(("labels", tensor([.. _fault == Fault.ConditionsOfAnotherCount ? labels.Append(0) : labels])));
        }

        public Tensor Encode(Tensor pictures) =>
            _fault == Fault.EncodesToAnotherShape ? pictures.narrow(1, 0, 1) : pictures.alias();

        public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
        {
            if (_fault == Fault.Throws)
                throw new NotSupportedException("not yet");
            var labels = condition!["labels"].narrow(0, 0, noisy.shape[0]);
            var output = _network.call(noisy, timesteps, labels);
            if (_fault != Fault.LeavesAParameterOut)
                output = output + _network.Unused.sum() * 1e-3;
            return _fault switch
            {
                Fault.DoublePrecision => output.to(ScalarType.Float64),
                Fault.NotFinite => output / 0,
                Fault.Random => output + ++_calls * 1e-3,
                Fault.DependsOnTheBatch => output - output.mean(),
                Fault.NotDifferentiable => output.detach(),
                _ => output,
            };
        }

        public void Dispose()
        {
            if (_fault != Fault.SharedWeights)
                _network.Dispose();
        }
    }

    internal sealed class Network : nn.Module<Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(2, 2, 3, padding: 1);
        private readonly Embedding classes = nn.Embedding(3, 2);
        private readonly Parameter unused = new(ones(2) * 0.5);

        internal Network()
            : base(nameof(Network))
        {
            using var noGradient = no_grad();
            var value = 0.1;
            foreach (var parameter in new Tensor[] { conv.weight!, conv.bias!, classes.weight! })
                parameter.copy_(linspace(value += 0.1, -0.3, parameter.NumberOfElements).view_as(parameter));
            RegisterComponents();
        }

        internal Tensor Unused => unused;

        public override Tensor forward(Tensor input, Tensor timesteps, Tensor labels) =>
            conv.call(input)
            + classes.call(labels).view(-1, 2, 1, 1)
            + timesteps.to(ScalarType.Float32).view(-1, 1, 1, 1) * 1e-3;
    }
}
